import type { Snapshot } from '#libs/upstream';
import type { Task } from '../task.entity.js';

/** How far the clock of an upstream may be behind, ms: a job older than the send by more is another one. */
const CLOCK_MARGIN_MS = 60_000;
/** Flags that the gateway itself writes into prompts, or takes out: version, speed, zoom, those of an upscale that draws anew. */
const OWN_FLAGS = /(?:^|\s)--(?:v|version|niji|fast|relax|turbo|hd|seed|zoom)(?:\s+[\w.]+)?(?=\s|$)/gi;
/** Flags that the gateway writes where the work names them in fields: those of a blend and of a film. */
const FIELD_FLAGS = /(?:^|\s)--(ar|aspect|motion|loop|end|bs|batchsize|video)(?:\s+(?!--)\S+)?(?=\s|$)/gi;
const LINKS = /https?:\/\/\S+/gi;

type Sought = Pick<Task, 'id' | 'prompt' | 'sentAt' | 'submittedAt'>;

/**
 * Whether a job without correlation id, named by a push, is that of a send: its text is the task's, white space, links and the
 * gateway's own flags aside, and it is not older than the send. A job that tells no time is not refused for that.
 */
export function isSameSend(task: Omit<Sought, 'id'>, { prompt, submitTime }: Snapshot): boolean {
  return (submitTime === null || isInTime(task, submitTime)) && isSameText(task.prompt, prompt);
}

/**
 * The jobs of a list that are those of sends of unknown outcome, by task: the oldest send of a text has its oldest job. Of more
 * jobs than sends, those from before the first send are somebody else's. Jobs without a time are nobody's, and no job is that
 * of two sends. `jobs`: those that no task has yet.
 */
export function matchSends(tasks: readonly Sought[], jobs: readonly Snapshot[]): Map<string, Snapshot> {
  const byWords = new Map<string, Snapshot[]>();
  const inOrder = [...jobs].sort((one, other) => (one.submitTime ?? 0) - (other.submitTime ?? 0));
  for (const job of inOrder) {
    if (job.state !== null || job.submitTime === null) continue;
    const words = bareWords(job.prompt);
    byWords.set(words, [...(byWords.get(words) ?? []), job]);
  }
  const found = new Map<string, Snapshot>();
  for (const sends of groupedByText(tasks)) {
    const [first] = sends;
    const alike = byWords.get(bareWords(first.prompt)) ?? [];
    const ofText = alike.filter((job) => isInTime(first, job.submitTime ?? 0) && isSameText(first.prompt, job.prompt));
    const left = withoutEarlier(ofText, sends);
    for (const task of sends) {
      const at = left.findIndex(({ submitTime }) => isInTime(task, submitTime ?? 0));
      const [job] = at < 0 ? [] : left.splice(at, 1);
      if (job === undefined) continue;
      alike.splice(alike.indexOf(job), 1);
      found.set(task.id, job);
    }
  }
  return found;
}

type Sends = [Sought, ...Sought[]];

/** Sends of one text each, the oldest first. */
function groupedByText(tasks: readonly Sought[]): Sends[] {
  const groups = new Map<string, Sends>();
  for (const task of [...tasks].sort((one, other) => sentAtOf(one) - sentAtOf(other))) {
    const group = groups.get(ownWords(task.prompt));
    if (group === undefined) groups.set(ownWords(task.prompt), [task]);
    else group.push(task);
  }
  return [...groups.values()];
}

/** Jobs, the oldest first, without as many of those from before the first send as there are more jobs than sends. */
function withoutEarlier(jobs: readonly Snapshot[], sends: Sends): Snapshot[] {
  const earlier = jobs.filter(({ submitTime }) => (submitTime ?? 0) < sentAtOf(sends[0])).length;
  return jobs.slice(Math.max(0, Math.min(earlier, jobs.length - sends.length)));
}

function sentAtOf({ sentAt, submittedAt }: Pick<Task, 'sentAt' | 'submittedAt'>): number {
  return (sentAt ?? submittedAt).getTime();
}

function isInTime(task: Pick<Task, 'sentAt' | 'submittedAt'>, submitTime: number): boolean {
  return submitTime >= sentAtOf(task) - CLOCK_MARGIN_MS;
}

/** Whether a job shows the text of a task. A flag of a field that the task's own text has must be the same. */
function isSameText(own: string, shown: string): boolean {
  const named = new Set([...own.matchAll(FIELD_FLAGS)].map(([, name = '']) => name.toLowerCase()));
  const withoutFields = shown.replace(FIELD_FLAGS, (flag: string, name: string) =>
    named.has(name.toLowerCase()) ? flag : ' ',
  );
  return ownWords(own) === ownWords(withoutFields);
}

/** A text without any flag that the gateway may have written. */
function bareWords(text: string): string {
  return ownWords(text.replace(FIELD_FLAGS, ' '));
}

function ownWords(text: string): string {
  return text.replace(LINKS, ' ').replace(OWN_FLAGS, ' ').replace(/\s+/g, ' ').trim().toLowerCase();
}
