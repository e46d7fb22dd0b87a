/** The parts that a route takes in a form, by their names. */
export interface FormShape {
  /** Pictures, as files or as text, and the field of the body that each is. */
  pictures: Readonly<Record<string, string>>;
  /** Fields that are text. */
  texts: readonly string[];
  /** Fields that are JSON. */
  json: readonly string[];
}

/** What a part is, and the field of the body that it becomes. */
export interface KnownPart {
  field: string;
  kind: 'picture' | 'text' | 'json';
}

/** The part with this name; null where the route knows none. */
export function partOf(shape: FormShape, name: string): KnownPart | null {
  if (Object.hasOwn(shape.pictures, name)) return { field: shape.pictures[name] ?? '', kind: 'picture' };
  if (shape.texts.includes(name)) return { field: name, kind: 'text' };
  return shape.json.includes(name) ? { field: name, kind: 'json' } : null;
}

/** How many parts a form can have. */
export function partCount({ pictures, texts, json }: FormShape): number {
  return new Set(Object.values(pictures)).size + texts.length + json.length;
}
