import { call, type Schemas } from './client.ts';

export type Question = Schemas['QuestionDto'];
export type SqlResult = Schemas['SqlResultDto'];
/** Values of a query's `:parameters`; null or absent: their defaults. */
export type Parameters = Record<string, string | null>;

/** The rows of an answer by the names of its columns. */
export function recordsOf({ columns, rows }: SqlResult): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])));
}

let catalogue: Promise<readonly Question[]> | null = null;

/** The questions that the gateway knows, read once. @throws CallFailure; the next call reads again */
export function readQuestions(): Promise<readonly Question[]> {
  catalogue ??= call<{ items: Question[] }>('GET', '/admin/questions').then(
    ({ items }) => items,
    (error: unknown) => {
      catalogue = null;
      throw error;
    },
  );
  return catalogue;
}

/** A question by its name. @throws Error when there is none */
export async function readQuestion(name: string): Promise<Question> {
  const found = (await readQuestions()).find((question) => question.name === name);
  if (found === undefined) throw new Error(`There is no question ${name}`);
  return found;
}

/** Asks a question of the catalogue; aborting cancels it in Postgres too. @throws CallFailure */
export function runQuestion(name: string, parameters: Parameters, signal?: AbortSignal): Promise<SqlResult> {
  return call('POST', `/admin/questions/${encodeURIComponent(name)}/run`, {
    body: { parameters },
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Runs SQL of the reader's own, or tells its plan. @throws CallFailure with `errors` of the field `sql` */
export function runSql(
  sql: string,
  { parameters = {}, explain = false, signal }: { parameters?: Parameters; explain?: boolean; signal?: AbortSignal },
): Promise<SqlResult> {
  return call('POST', '/admin/sql/run', {
    body: { sql, parameters, explain },
    ...(signal === undefined ? {} : { signal }),
  });
}
