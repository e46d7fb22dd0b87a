/** A field of the body has a type that cannot be bound: answered with the second envelope. */
export class BindingError extends Error {}

/** A rule outside the action's own checks was broken, such as a length: answered with the second envelope. */
export class RuleError extends Error {}

/** Reads a submit's JSON: unknown keys are ignored, null is absent, numbers stand for strings and nothing else does. */
export class Body {
  private constructor(private readonly fields: Readonly<Record<string, unknown>>) {}

  /** @throws BindingError when the value is no object (null counts as an empty one). */
  static of(value: unknown): Body {
    if (value === null || value === undefined) return new Body({});
    if (typeof value !== 'object' || Array.isArray(value)) throw new BindingError('body');
    return new Body(value as Record<string, unknown>);
  }

  /** A text as it is, or null; numbers are accepted, because clients send ids as such. */
  text(key: string): string | null {
    const value = this.fields[key];
    if (value === null || value === undefined) return null;
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    throw new BindingError(key);
  }

  /** A text without its blanks at both ends; '' when absent. */
  trimmed(key: string): string {
    return this.text(key)?.trim() ?? '';
  }

  /** Texts of an array; blank and null items are left out. */
  texts(key: string): string[] {
    const value = this.fields[key] ?? [];
    if (!Array.isArray(value)) throw new BindingError(key);
    return value.flatMap((item: unknown) => {
      if (item === null || item === undefined) return [];
      if (typeof item !== 'string' && typeof item !== 'number') throw new BindingError(key);
      return String(item).trim() === '' ? [] : [String(item)];
    });
  }

  /** Whether a field is an array. */
  isList(key: string): boolean {
    return Array.isArray(this.fields[key]);
  }

  /** A nested object as it is; an empty one when absent. */
  object(key: string): Readonly<Record<string, unknown>> {
    const value = this.fields[key] ?? {};
    if (typeof value !== 'object' || Array.isArray(value)) throw new BindingError(key);
    return value as Readonly<Record<string, unknown>>;
  }

  flag(key: string): boolean {
    const value = this.fields[key];
    if (value === null || value === undefined) return false;
    if (typeof value !== 'boolean') throw new BindingError(key);
    return value;
  }

  /** A whole number, also one written as text; null when absent. */
  whole(key: string): number | null {
    const text = this.trimmed(key);
    if (text === '') return null;
    if (!/^-?\d{1,9}$/.test(text)) throw new BindingError(key);
    return Number(text);
  }

  /** A nested object; an empty one when absent. */
  inner(key: string): Body {
    return Body.of(this.fields[key]);
  }
}
