import { type Status } from '../wire/vocabulary.js';
import { type WorkRecord } from './work-record.js';

/** Where a task stands at one moment. */
export interface Phase {
  readonly status: Status;
  /** 0..100 while it runs, else null. */
  readonly percent: number | null;
  readonly finishTime: number | null;
  /** When the phase changes by itself, ms; null when only a request or a free slot can change it. */
  readonly changesAt: number | null;
}

/** What Midjourney shows on its way, in percent. */
const STEPS = [0, 6, 15, 23, 31, 46, 62, 78, 93, 99] as const;
/** The part of a run in which a task is submitted and nothing is seen of it. */
const SUBMITTED_PART = 0.06;
/** A stalled task never gets further than this step. */
const STALLED_AT = 5;
/** How long a forgotten task can still be read, ms. */
export const FORGOTTEN_AFTER_MS = 1_000;

const waits = (status: Status): Phase => ({ status, percent: null, finishTime: null, changesAt: null });

/** The phase of a task: a function of its record and the clock alone, so that a restart changes nothing. */
export function phaseAt(task: WorkRecord, now: number): Phase {
  if (task.cancelledAt !== null) return { ...waits('CANCEL'), finishTime: task.cancelledAt };
  if (task.window !== null && task.window.confirmedAt === null) return waits('MODAL');
  const { startTime, runMs } = task;
  if (startTime === null) return waits('NOT_START');
  if (now < startTime) return { ...waits('NOT_START'), changesAt: startTime };
  const stalled = task.faults.stall === true;
  const end = startTime + runMs;
  if (now >= end && !stalled) {
    return { ...waits(task.faults.fail === undefined ? 'SUCCESS' : 'FAILURE'), finishTime: end };
  }
  const begun = startTime + runMs * SUBMITTED_PART;
  if (now < begun) return { status: 'SUBMITTED', percent: 0, finishTime: null, changesAt: begun };
  const stepMs = (end - begun) / STEPS.length;
  const reached = stepMs === 0 ? STEPS.length - 1 : Math.floor((now - begun) / stepMs);
  const step = Math.min(reached, stalled ? STALLED_AT : STEPS.length - 1);
  const changesAt =
    stalled && step === STALLED_AT ? null : step === STEPS.length - 1 ? end : begun + stepMs * (step + 1);
  return { status: 'IN_PROGRESS', percent: STEPS[step] ?? 99, finishTime: null, changesAt };
}

export const isTerminal = (status: Status): boolean =>
  status === 'SUCCESS' || status === 'FAILURE' || status === 'CANCEL';

/** Whether a task holds a place among those that run: begun, not ended. A stalled one holds none, or it would for ever. */
export const holdsPlace = (task: WorkRecord, now: number): boolean =>
  task.startTime !== null &&
  task.cancelledAt === null &&
  task.faults.stall !== true &&
  now < task.startTime + task.runMs;

/** Whether a task waits for a place. */
export const waitsForPlace = (task: WorkRecord): boolean =>
  task.startTime === null && task.cancelledAt === null && (task.window === null || task.window.confirmedAt !== null);

/** Whether reads still find a task. */
export const isKnown = (task: WorkRecord, now: number): boolean =>
  task.faults.forget !== true || now < task.submitTime + FORGOTTEN_AFTER_MS;
