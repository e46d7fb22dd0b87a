import type { Dossier } from './dossier.ts';

/** A part of a task's time, in seconds. */
export interface Span {
  name: 'queue' | 'run' | 'hook';
  seconds: number;
  /** Whether it goes on. */
  isOpen: boolean;
}

/**
 * How long a task waited, ran, and took to be told of. A part that has not begun is left out; one that has not ended is counted
 * until now, and so is none of a receiver that was given up.
 *
 * @param now ms since the epoch
 */
export function spansOf({ task, delivery }: Dossier, now: number): Span[] {
  const spans: Span[] = [];
  const add = (name: Span['name'], from: string, to: string | null): void => {
    const end = to === null ? now : Date.parse(to);
    spans.push({ name, seconds: Math.max(0, (end - Date.parse(from)) / 1_000), isOpen: to === null });
  };
  add('queue', task.submittedAt, task.startedAt ?? task.finishedAt);
  if (task.startedAt !== null) add('run', task.startedAt, task.finishedAt);
  if (task.finishedAt === null || delivery === null) return spans;
  if (delivery.state === 'waiting') add('hook', task.finishedAt, null);
  else if (delivery.deliveredAt !== null) add('hook', task.finishedAt, delivery.deliveredAt);
  return spans;
}
