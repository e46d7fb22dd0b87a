/** A mistake in the text of a query that is found before Postgres sees it. */
export class SqlMistake extends Error {
  /** @param position of its first character, from 1; null: of the whole */
  constructor(
    message: string,
    readonly position: number | null = null,
  ) {
    super(message);
  }
}

/** A piece of a query: its own text, or a `:parameter`. `at` is its place in the query, from 0. */
export interface SqlPiece {
  readonly kind: 'text' | 'parameter';
  /** The text, or the name. */
  readonly text: string;
  readonly at: number;
}

/** What is no place for a parameter: strings, names in quotes, comments (which nest) and dollar quotes. */
const ESCAPE_STRING = /[eE]'(?:[^'\\]|\\[\s\S]|'')*'?/y;
const STRING = /'(?:[^']|'')*'?/y;
const QUOTED_NAME = /"(?:[^"]|"")*"?/y;
const LINE_COMMENT = /--[^\n]*/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const NUMBER = /\d+/y;
const POSITIONAL = /\$\d+/y;
const PARAMETER = /:([A-Za-z_]\w*)/y;

/**
 * Cuts a query at its `:parameters`. Casts (`::`), slices of arrays (`[1:n]`), strings and comments are left alone; what is left
 * open is left to Postgres to complain of.
 * @throws SqlMistake of `$1`, which has no value here
 */
export function cutSql(sql: string): SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let begin = 0;
  let at = 0;
  let brackets = 0;
  // The last character that is no blank: behind a value, a colon in brackets is a slice's.
  let before = '';
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(sql)?.[0] ?? null;
  };
  const pass = (text: string): void => {
    at += text.length;
    before = text.at(-1) ?? before;
  };
  while (at < sql.length) {
    const char = sql.charAt(at);
    if (/\s/.test(char)) {
      at += 1;
      continue;
    }
    const comment = match(LINE_COMMENT) ?? blockComment(sql, at);
    if (comment !== null) {
      at += comment.length;
      continue;
    }
    const quoted =
      match(ESCAPE_STRING) ?? match(STRING) ?? match(QUOTED_NAME) ?? dollarQuoted(sql, at, match(DOLLAR_TAG));
    const known = quoted ?? match(WORD) ?? match(NUMBER);
    if (known !== null) {
      pass(known);
      continue;
    }
    if (match(POSITIONAL) !== null) throw new SqlMistake('parameters are written :name, not $1', at + 1);
    if (sql.startsWith('::', at) || sql.startsWith(':=', at)) {
      pass(sql.slice(at, at + 2));
      continue;
    }
    const parameter = match(PARAMETER);
    if (parameter !== null && !isSlice(sql, at, brackets, before)) {
      if (at > begin) pieces.push({ kind: 'text', text: sql.slice(begin, at), at: begin });
      pieces.push({ kind: 'parameter', text: parameter.slice(1), at });
      pass(parameter);
      begin = at;
      continue;
    }
    if (char === '[') brackets += 1;
    if (char === ']') brackets = Math.max(0, brackets - 1);
    pass(char);
  }
  if (sql.length > begin) pieces.push({ kind: 'text', text: sql.slice(begin), at: begin });
  return pieces;
}

/** Names of the parameters of a query, each once. @throws SqlMistake */
export function parametersOf(sql: string): string[] {
  return [...new Set(cutSql(sql).flatMap(({ kind, text }) => (kind === 'parameter' ? [text] : [])))];
}

function isSlice(sql: string, at: number, brackets: number, before: string): boolean {
  const isValue = /[\w)\]"'\u0080-\uffff]/;
  if (at > 0 && isValue.test(sql.charAt(at - 1))) return true;
  return brackets > 0 && isValue.test(before);
}

function blockComment(sql: string, at: number): string | null {
  if (!sql.startsWith('/*', at)) return null;
  const mark = /\/\*|\*\//g;
  mark.lastIndex = at;
  let depth = 0;
  for (let found = mark.exec(sql); found !== null; found = mark.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return sql.slice(at, mark.lastIndex);
  }
  return sql.slice(at);
}

function dollarQuoted(sql: string, at: number, tag: string | null): string | null {
  if (tag === null) return null;
  const end = sql.indexOf(tag, at + tag.length);
  return end < 0 ? sql.slice(at) : sql.slice(at, end + tag.length);
}
