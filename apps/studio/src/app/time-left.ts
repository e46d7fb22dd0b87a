import { useEffect, useRef } from 'preact/hooks';
import type { Task } from '../api/client.ts';
import { paceClock, watchPace, workPaces, type WorkPace } from './task-pace.ts';

/** What a time left is told from. */
export type TimedTask = Pick<Task, 'action' | 'mode' | 'status' | 'submitTime' | 'startTime' | 'queuePosition'>;

const UNDER_WAY: readonly string[] = ['NOT_START', 'SUBMITTED', 'IN_PROGRESS'];
const SECOND_MS = 1_000;
/** Times left are told in steps of this many seconds: they are expectations. */
const STEP_S = 5;
/** Share that must have been seen to be done, before the rest is guessed by it. */
const LEAST_SEEN = 0.1;

/**
 * Seconds until a task may be done, by how long tasks of its action and mode take at present. null: not known, or it takes longer
 * than they do.
 */
export function expectedSeconds(task: TimedTask, paces: readonly WorkPace[], now: number): number | null {
  const pace = paces.find(({ action, mode }) => action === task.action && mode === task.mode);
  if (pace === undefined || pace.runSeconds === null) return null;
  // A browser's clock that is slow would have the task begin in the future.
  const since = (at: number): number => Math.max(0, now - at) / SECOND_MS;
  switch (task.status) {
    case 'IN_PROGRESS': {
      const left = pace.runSeconds - (task.startTime === 0 ? 0 : since(task.startTime));
      return left > 0 ? left : null;
    }
    case 'SUBMITTED':
      return pace.runSeconds;
    case 'NOT_START': {
      if (pace.queueSeconds === null) return null;
      const wait = pace.queueSeconds - since(task.submitTime);
      if (wait <= 0 && task.queuePosition !== 0) return null;
      return Math.max(0, wait) + pace.runSeconds;
    }
    default:
      return null;
  }
}

/**
 * Seconds until a task that is shown may be done, in steps of five: by the pace of its kind, else by how fast it went on while it
 * was looked at. null: nothing is known.
 *
 * @param share that is done, 0 to 1
 */
export function useTimeLeft(task: TimedTask, share: number): number | null {
  const isUnderWay = UNDER_WAY.includes(task.status);
  useEffect(() => (isUnderWay ? watchPace() : undefined), [isUnderWay]);
  const guessed = useGuess(task.status, share);
  if (!isUnderWay) return null;
  const seconds = expectedSeconds(task, workPaces.value, paceClock.value) ?? guessed;
  return seconds === null ? null : Math.max(STEP_S, Math.round(seconds / STEP_S) * STEP_S);
}

/** Seconds that are left if it goes on as it did while it was looked at; null: too early to say. */
function useGuess(status: string, share: number): number | null {
  const first = useRef<{ at: number; share: number } | null>(null);
  if (status !== 'IN_PROGRESS') return null;
  const now = performance.now();
  first.current ??= { at: now, share };
  const done = share - first.current.share;
  if (done < LEAST_SEEN) return null;
  return (((now - first.current.at) / done) * (1 - share)) / SECOND_MS;
}
