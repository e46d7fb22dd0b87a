/** Which pool a statement runs on: `http` serves requests, `work` the background, so neither starves the other. */
export type PoolName = 'http' | 'work';

/** One SQL statement with one purpose; prepared once per connection under its name. Its values are given by place. */
export interface Statement {
  readonly name: string;
  readonly pool: PoolName;
  readonly text: string;
}

/** A statement whose parameters have names: the compiler checks what it is run with, and what its rows are taken for. */
export interface TypedStatement<Parameters extends object, Row extends object> extends Statement {
  /** The name of `$1`, of `$2`, and so on. */
  readonly parameters: readonly (keyof Parameters & string)[];
  /** Never there: it carries the type of a row. */
  readonly row?: Row;
}

/** Of a statement that takes nothing. */
export type NoParameters = Record<never, never>;

/** A parameter: a colon that follows neither a colon (a cast) nor a word, and a name. */
const PARAMETER = /(?<![:\w']):([a-z]\w*)/g;

/**
 * Makes a statement of a text whose parameters are written `:name`. Each name gets its number once, here, so that running
 * the statement costs no more than one with numbers.
 */
export function statement<Parameters extends object, Row extends object>({
  name,
  pool,
  text,
}: Statement): TypedStatement<Parameters, Row> {
  const parameters: string[] = [];
  const numbered = text.replace(PARAMETER, (_, parameter: string) => {
    if (!parameters.includes(parameter)) parameters.push(parameter);
    return `$${parameters.indexOf(parameter) + 1}`;
  });
  return { name, pool, text: numbered, parameters: parameters as (keyof Parameters & string)[] };
}

/**
 * The values of a statement by their places.
 * @throws Error for a parameter that is not given: null is a value, undefined is none
 */
export function valuesOf<Parameters extends object>(
  { name, parameters }: TypedStatement<Parameters, object>,
  given: Parameters,
): unknown[] {
  return parameters.map((parameter) => {
    const value = given[parameter];
    if (value === undefined) throw new Error(`the statement ${name} is not told its ${parameter}`);
    return value;
  });
}

/** The values of a statement, whether its parameters have names or are given by place. @throws Error as valuesOf does */
export function valuesBy(statement: Statement | TypedStatement<object, object>, given: object): unknown[] {
  return 'parameters' in statement ? valuesOf(statement, given) : [...(given as readonly unknown[])];
}
