import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UpstreamKind } from '#libs/upstream';
import type { TaskRow, UpstreamRecord } from './history.js';
import type { UpstreamBooks } from './rig-upstream.js';

/** Of a line of a simulator's journal, what is looked at; each dialect names its prompt otherwise. */
interface JournalLine {
  id: string;
  prompt?: string | null;
  text?: string;
}

const MARK = 'jm:';
const NUMBER = /\bnumber (\d+)\b/;

/** The number of the request in a prompt, or in anything that contains one; null: there is none. */
export function numberIn(text: string): string | null {
  return NUMBER.exec(text)?.[1] ?? null;
}

/** What a simulator took in of one dialect, answered or not. */
export async function readJournal(dir: string, kind: UpstreamKind): Promise<JournalLine[]> {
  const file = join(dir, kind === 'midjourney-proxy' ? '' : kind, 'tasks.jsonl');
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.endsWith('}'));
  const byId = new Map(lines.map((line) => JSON.parse(line) as JournalLine).map((task) => [task.id, task]));
  return [...byId.values()];
}

/**
 * The books of a dialect in terms of the gateway's tasks. Work belongs to the task whose prompt has its number, whatever id
 * the row has; work without a prompt to the task that has its id.
 * @param submits that reached the upstream, by number
 */
export function booksOf(
  kind: UpstreamKind,
  journal: readonly JournalLine[],
  submits: ReadonlyMap<string, number>,
  rows: readonly TaskRow[],
): UpstreamBooks {
  const byNumber = new Map(rows.map(({ id, prompt }) => [numberIn(prompt), id]));
  const byUpstreamId = new Map(rows.map(({ id, upstreamTaskId }) => [upstreamTaskId, id]));
  const works = journal.map(({ id, prompt, text }): UpstreamRecord => {
    const number = numberIn(prompt ?? text ?? '');
    const taskId = number === null ? byUpstreamId.get(id) : byNumber.get(number);
    return { id, kind, mark: markOf(taskId), prompt: number === null ? `work ${id}` : `number ${number}` };
  });
  return { works, submits: new Map([...submits].map(([number, count]) => [markOf(byNumber.get(number)), count])) };
}

function markOf(taskId: string | undefined): string {
  return taskId === undefined ? '' : `${MARK}${taskId}`;
}
