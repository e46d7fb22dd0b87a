import type { Question } from '../../../api/questions.ts';

type Declared = Question['parameters'][number];

/** A parameter of the query in the editor. */
export interface ShownParameter {
  name: string;
  type: Declared['type'];
  /** SQL that stands for it while it has no value; null: it needs one. */
  default: string | null;
}

/** What is no place for a parameter, and what is one: the first that matches a place wins. */
const PIECES = new RegExp(
  [
    /[eE]'(?:[^'\\]|\\[\s\S]|'')*'?/,
    /'(?:[^']|'')*'?/,
    /"(?:[^"]|"")*"?/,
    /--[^\n]*/,
    /\/\*[\s\S]*?(?:\*\/|$)/,
    /\$(?<tag>[A-Za-z_]\w*)?\$[\s\S]*?(?:\$\k<tag>\$|$)/,
    /::|:=/,
    /[\w)\]]:[A-Za-z_]\w*/,
    /(?<parameter>:[A-Za-z_]\w*)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** Names of the `:parameters` in a query, each once. The gateway has the last word; here they only get their fields. */
export function parameterNames(sql: string): string[] {
  const names = new Set<string>();
  for (const { groups } of sql.matchAll(PIECES)) {
    if (groups?.['parameter'] !== undefined) names.add(groups['parameter'].slice(1));
  }
  return [...names];
}

/** The parameters of SQL of the reader's own: names that the catalogue knows have the meaning that they have there. */
export function parametersOf(sql: string, questions: readonly Question[]): ShownParameter[] {
  const known = new Map(
    [...questions].reverse().flatMap(({ parameters }) => parameters.map((parameter) => [parameter.name, parameter])),
  );
  return parameterNames(sql).map((name) => known.get(name) ?? { name, type: 'text', default: null });
}
