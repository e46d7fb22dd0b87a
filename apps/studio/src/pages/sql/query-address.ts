import type { Parameters } from '../../api/questions.ts';

/** What the address of the workbench names: a question of the catalogue, or SQL of the reader's own. */
export interface QueryAddress {
  question: string | null;
  sql: string | null;
  /** The saved query that the SQL was opened from; another browser does not have it. */
  own: string | null;
  parameters: Parameters;
}

const PREFIX = 'p.';
/** Characters of a query string that every server between here and the reader takes. */
const LONGEST = 7_000;

/** Reads the query string of the page. */
export function readAddress(search: string): QueryAddress {
  const query = new URLSearchParams(search);
  const parameters: Parameters = {};
  for (const [name, value] of query) {
    if (name.startsWith(PREFIX) && value !== '') parameters[name.slice(PREFIX.length)] = value;
  }
  const question = query.get('question');
  return {
    question,
    sql: question === null ? query.get('sql') : null,
    own: question === null ? query.get('own') : null,
    parameters,
  };
}

/** The query string of a query, with its `?`; empty where there is nothing to name. Null: it is too long for an address. */
export function writeAddress({ question, sql, own, parameters }: QueryAddress): string | null {
  const query = new URLSearchParams();
  if (question !== null) query.set('question', question);
  else if (sql !== null && sql.trim() !== '') query.set('sql', sql);
  if (own !== null && question === null) query.set('own', own);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== '') query.set(`${PREFIX}${name}`, value);
  }
  const text = query.toString();
  if (text.length > LONGEST) return null;
  return text === '' ? '' : `?${text}`;
}
