import type { Arrival, History, TaskRow } from './history.js';

/** An invariant that does not hold, and what breaks it. */
export interface Violation {
  rule: string;
  rows: readonly object[];
}

const MARK = 'jm:';

/** Every promise that a run must have kept, whatever was done to it. Gives those that it did not keep. */
export function findViolations(history: History): Violation[] {
  const rows = new Map(history.rows.map((row) => [row.id, row]));
  const audit = Object.entries(history.audit).map(([rule, broken]) => ({ rule, rows: broken }));
  return [
    { rule: 'every acknowledged task has a row that ended', rows: unfinished(history, rows) },
    { rule: 'every task ended', rows: history.rows.filter(({ finishedAt }) => finishedAt === null) },
    {
      rule: 'a task is sent to the upstream once, and again only once proven not taken, or failed',
      rows: sentTwice(history, rows),
    },
    { rule: 'a request of a client is work for the upstream at most once', rows: workedTwice(history, rows) },
    { rule: 'the upstream does no work that no row knows of', rows: unknownWork(history, rows) },
    { rule: 'a success costs its price, a failure nothing', rows: notRefunded(history) },
    { rule: 'the end of every task is told to its receiver', rows: untold(history) },
    { rule: 'every hook is signed', rows: history.arrivals.filter(({ isSigned }) => !isSigned) },
    { rule: 'clients are told nothing of an upstream', rows: history.arrivals.filter(({ leak }) => leak !== null) },
    { rule: 'after the end of a task nothing older is told', rows: toldTooLate(history.arrivals) },
    { rule: 'no gateway ends by itself', rows: history.exits },
    ...audit,
  ].filter((violation) => violation.rows.length > 0);
}

/** Work that was given up here as unknown although the upstream had taken it, or took it later. */
export function findGivenUp(history: History): object[] {
  const rows = new Map(history.rows.map((row) => [row.id, row]));
  return history.upstreamTasks.filter(({ mark }) => isGivenUp(rows.get(taskIdOf(mark))));
}

/** How many hooks arrived once more than needed, of how many different ones. */
export function countExtras(arrivals: readonly Arrival[]): { extra: number; different: number } {
  const different = new Set(arrivals.map(({ webhookId }) => webhookId)).size;
  return { extra: arrivals.length - different, different };
}

/** The task of a mark; "" for a mark that is none of ours. */
export function taskIdOf(mark: string): string {
  return mark.startsWith(MARK) ? mark.slice(MARK.length) : '';
}

function unfinished({ clients }: History, rows: ReadonlyMap<string, TaskRow>): object[] {
  return clients
    .filter(({ taskId }) => taskId !== null && (rows.get(taskId)?.finishedAt ?? null) === null)
    .map((client) => ({ ...client, row: rows.get(client.taskId ?? '') ?? null }));
}

function sentTwice({ submits }: History, rows: ReadonlyMap<string, TaskRow>): object[] {
  return [...submits]
    .map(([mark, count]) => ({ mark, count, row: rows.get(taskIdOf(mark)) ?? null }))
    .filter(({ count, row }) => count > 1 + (row?.resends ?? 0) + (row?.failedIds.length ?? 0));
}

/** Broken where more than this share of the tasks ended without anybody knowing whether the upstream took them. */
export function findTooManyUnknown({ rows }: History, share: number): Violation[] {
  const unknown = rows.filter(({ failCode }) => failCode === 'outcome_unknown');
  if (unknown.length <= share * rows.length) return [];
  return [{ rule: `of at most ${100 * share} % of the tasks the outcome stays unknown`, rows: unknown }];
}

/** Broken where more than this share of the work that was taken in was given up as unknown. */
export function findTooManyGivenUp(history: History, share: number): Violation[] {
  const givenUp = findGivenUp(history);
  if (givenUp.length <= share * history.upstreamTasks.length) return [];
  return [{ rule: `of at most ${100 * share} % of the work that was taken in the answer stays lost`, rows: givenUp }];
}

/** Broken by every task that did not end in SUCCESS. */
export function findNotDone({ rows }: History): Violation[] {
  const notDone = rows.filter(({ status }) => status !== 'SUCCESS');
  return notDone.length === 0 ? [] : [{ rule: 'every task ends in SUCCESS', rows: notDone }];
}

/**
 * The prompt carries the number of the request, so that a second row for it would be seen too. What failed and was tried
 * again does not count.
 */
function workedTwice({ upstreamTasks }: History, rows: ReadonlyMap<string, TaskRow>): object[] {
  const times = new Map<string, number>();
  const work = upstreamTasks.filter(({ id, mark }) => rows.get(taskIdOf(mark))?.failedIds.includes(id) !== true);
  for (const { prompt } of work) times.set(prompt, (times.get(prompt) ?? 0) + 1);
  return work.filter(({ prompt }) => (times.get(prompt) ?? 0) > 1);
}

function unknownWork({ upstreamTasks }: History, rows: ReadonlyMap<string, TaskRow>): object[] {
  return upstreamTasks
    .map((work) => ({ ...work, row: rows.get(taskIdOf(work.mark)) }))
    .filter(({ id, row }) => row?.upstreamTaskId !== id && row?.failedIds.includes(id) !== true && !isGivenUp(row));
}

/** Given up; a late acceptance may have told the row its upstream id all the same. */
function isGivenUp(row: TaskRow | undefined): boolean {
  return row !== undefined && row.failCode === 'outcome_unknown';
}

function notRefunded({ rows }: History): object[] {
  return rows.filter(
    ({ status, cost, price }) => (status === 'FAILURE' && cost !== 0) || (status === 'SUCCESS' && cost !== price),
  );
}

function untold({ rows, arrivals }: History): object[] {
  const told = new Set(arrivals.filter(({ terminal }) => terminal).map(({ taskId }) => taskId));
  return rows.filter(({ id, hasHook, refused }) => hasHook && !refused && !told.has(id));
}

function toldTooLate(arrivals: readonly Arrival[]): object[] {
  const ends = new Map<string, number>();
  return arrivals.filter(({ taskId, seq, terminal }) => {
    const end = ends.get(taskId);
    if (terminal) ends.set(taskId, Math.max(end ?? 0, seq));
    return end !== undefined && seq < end;
  });
}
