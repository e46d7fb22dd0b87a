import type { ParameterType, QuestionParameter } from '../questions/question.js';
import { cutSql, SqlMistake } from './sql-text.js';

/** What a caller gives for parameters; null is as good as nothing. */
export type GivenValues = Readonly<Record<string, string | number | boolean | null>>;

/** A query with its values apart, as Postgres takes it. */
export interface BoundSql {
  readonly text: string;
  readonly values: readonly string[];
  /** The same with the values written in: it runs in psql as it stands. */
  readonly readable: string;
  /** The place in the query that a place in `text` comes from; both from 1. */
  sourceOf(position: number): number;
}

const CASTS: Readonly<Record<ParameterType, string>> = {
  time: 'timestamptz',
  text: 'text',
  number: 'numeric',
  key: 'text',
  upstream: 'text',
  interval: 'interval',
  task: 'bigint',
};
/** A default may name parameters, whose defaults may too; so deep, and no deeper. */
const DEPTH = 3;
/** Can stand for a name without parentheses: a name, a number, a text, or one call without calls in it. */
const SIMPLE = /^(?:[\w.]+(?:\([^()]*\))?|'[^']*'|interval '[^']*')$/;

interface Part {
  bound: string;
  readable: string;
  at: number;
  isOwn: boolean;
}

/**
 * Puts values into a query: given ones as `$1`, others as the SQL of their default. A parameter that is not declared has the
 * type that Postgres finds for it.
 * @throws SqlMistake of a parameter without a value and without a default
 */
export function bindSql(sql: string, declared: readonly QuestionParameter[], given: GivenValues): BoundSql {
  const values: string[] = [];
  const numbers = new Map<string, number>();
  const partOf = (name: string, at: number, depth: number): Part => {
    const parameter = declared.find((candidate) => candidate.name === name);
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value !== undefined && value !== null) {
      const text = textOf(value, parameter);
      if (!numbers.has(name)) numbers.set(name, values.push(text));
      const cast = parameter === undefined ? '' : `::${CASTS[parameter.type]}`;
      const bare = typeof value === 'boolean' || (typeof value === 'number' && parameter?.type !== 'time');
      return {
        bound: `$${numbers.get(name)}${cast}`,
        readable: bare ? text : `'${text.replaceAll("'", "''")}'${cast}`,
        at,
        isOwn: false,
      };
    }
    if (parameter === undefined) throw new SqlMistake(`the parameter :${name} has no value`, at + 1);
    if (depth > DEPTH) throw new SqlMistake(`the default of :${name} leads in a circle`, at + 1);
    const parts = cutSql(parameter.default).map((piece) =>
      piece.kind === 'text' ? { bound: piece.text, readable: piece.text } : partOf(piece.text, at, depth + 1),
    );
    const inParentheses = !SIMPLE.test(parameter.default);
    const join = (texts: string[]): string => (inParentheses ? `(${texts.join('')})` : texts.join(''));
    return {
      bound: join(parts.map(({ bound }) => bound)),
      readable: join(parts.map(({ readable }) => readable)),
      at,
      isOwn: false,
    };
  };
  const parts = cutSql(sql).map(({ kind, text, at }): Part =>
    kind === 'text' ? { bound: text, readable: text, at, isOwn: true } : partOf(text, at, 0),
  );
  return {
    text: parts.map(({ bound }) => bound).join(''),
    values,
    readable: parts.map(({ readable }) => readable).join(''),
    sourceOf: (position) => sourceOf(parts, position),
  };
}

function sourceOf(parts: readonly Part[], position: number): number {
  let behind = 0;
  for (const { bound, at, isOwn } of parts) {
    if (position <= behind + bound.length) return at + (isOwn ? position - behind : 1);
    behind += bound.length;
  }
  const last = parts.at(-1);
  return last === undefined ? 1 : last.at + 1;
}

/** A value as Postgres reads it. @throws SqlMistake whose words name the parameter */
function textOf(value: string | number | boolean, parameter: QuestionParameter | undefined): string {
  if (parameter?.type === 'time') {
    const time = new Date(value as string | number);
    if (Number.isNaN(time.getTime())) throw new SqlMistake(`:${parameter.name} must be a time, as ISO 8601 or in ms`);
    // A Date has no microseconds, a text may.
    return typeof value === 'number' ? time.toISOString() : String(value);
  }
  if (parameter?.type === 'task' && !/^\d{1,18}$/.test(String(value))) {
    throw new SqlMistake(`:${parameter.name} must be the id of a task`);
  }
  if (parameter?.type === 'number' && !Number.isFinite(Number(value))) {
    throw new SqlMistake(`:${parameter.name} must be a number`);
  }
  return String(value);
}
