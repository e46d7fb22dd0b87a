/** The word that stands for null: no limit, or none at all. */
const NONE = 'none';

/** How the text of an option becomes a value of the API; what is wrong the API says. */
export type OptionKind = 'text' | 'number' | 'list' | 'flag';

/** Options by the name that the API has for them. */
export type OptionKinds = Readonly<Record<string, OptionKind>>;

/** The body that options make: what was not given is left out, and `none` is null. */
export function bodyOf(options: Readonly<Record<string, unknown>>, kinds: OptionKinds): Record<string, unknown> {
  const given = Object.entries(kinds).filter(([name]) => options[name] !== undefined);
  return Object.fromEntries(given.map(([name, kind]) => [name, valueOf(options[name], kind)]));
}

function valueOf(given: unknown, kind: OptionKind): unknown {
  if (typeof given !== 'string') return given;
  if (given === NONE) return null;
  switch (kind) {
    case 'text':
      return given;
    case 'number':
      return Number.isNaN(Number(given)) ? given : Number(given);
    case 'list':
      return given.split(',').map((part) => part.trim());
    case 'flag':
      return given === 'true' ? true : given === 'false' ? false : given;
  }
}
