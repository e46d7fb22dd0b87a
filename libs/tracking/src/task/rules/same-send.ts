import type { Snapshot } from '#libs/upstream';
import type { Task } from '../task.entity.js';

/** How far the clock of an upstream may be behind, ms: a job older than the send by more is another one. */
const CLOCK_MARGIN_MS = 60_000;
/** Flags that the gateway itself writes into prompts: version, speed, and those of an upscale that draws anew. */
const OWN_FLAGS = /(?:^|\s)--(?:v|version|niji|fast|relax|turbo|hd|seed)(?:\s+[\w.]+)?(?=\s|$)/gi;
const LINKS = /https?:\/\/\S+/gi;

type Sought = Pick<Task, 'id' | 'prompt' | 'sentAt' | 'submittedAt'>;

/**
 * Whether a job without correlation id, named by a push, is that of a send: its text is the task's, white space, links and the
 * gateway's own flags aside, and it is not older than the send. A job that tells no time is not refused for that.
 */
export function isSameSend(task: Omit<Sought, 'id'>, { prompt, submitTime }: Snapshot): boolean {
  return (submitTime === null || isInTime(task, submitTime)) && ownWords(prompt) === ownWords(task.prompt);
}

/**
 * The jobs of a list that are those of sends of unknown outcome, by task: the oldest send of a text has its oldest job. Jobs
 * without a time are nobody's, and no job is that of two sends. `jobs`: those that no task has yet.
 */
export function matchSends(tasks: readonly Sought[], jobs: readonly Snapshot[]): Map<string, Snapshot> {
  const byWords = new Map<string, Snapshot[]>();
  const inOrder = [...jobs].sort((one, other) => (one.submitTime ?? 0) - (other.submitTime ?? 0));
  for (const job of inOrder) {
    if (job.state !== null || job.submitTime === null) continue;
    const words = ownWords(job.prompt);
    byWords.set(words, [...(byWords.get(words) ?? []), job]);
  }
  const found = new Map<string, Snapshot>();
  for (const task of [...tasks].sort((one, other) => sentAtOf(one) - sentAtOf(other))) {
    const alike = byWords.get(ownWords(task.prompt)) ?? [];
    const at = alike.findIndex(({ submitTime }) => submitTime !== null && isInTime(task, submitTime));
    const [job] = at < 0 ? [] : alike.splice(at, 1);
    if (job !== undefined) found.set(task.id, job);
  }
  return found;
}

function sentAtOf({ sentAt, submittedAt }: Pick<Task, 'sentAt' | 'submittedAt'>): number {
  return (sentAt ?? submittedAt).getTime();
}

function isInTime(task: Pick<Task, 'sentAt' | 'submittedAt'>, submitTime: number): boolean {
  return submitTime >= sentAtOf(task) - CLOCK_MARGIN_MS;
}

function ownWords(text: string): string {
  return text.replace(LINKS, ' ').replace(OWN_FLAGS, ' ').replace(/\s+/g, ' ').trim().toLowerCase();
}
