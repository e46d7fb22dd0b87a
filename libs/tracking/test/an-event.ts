import type { Outcome, Snapshot } from '#libs/upstream';
import type { Pace } from '../src/task/poll-pace.js';
import type { EventSource, TaskEvent } from '../src/task/event.js';
import { aSnapshot } from './a-snapshot.js';
import { after } from './a-task.js';

/** A poll interval of two seconds without jitter. */
export const PACE: Pace = { minMs: 2_000, random: () => 0.5 };
export const TIMEOUT_MS = 3_600_000;
export const SETTLE_MS = 60_000;

/** The answer to a submit whose client still waits for it, unless another source is given. */
export function settled(
  outcome: Outcome,
  overrides: { source?: EventSource; mayWait?: boolean; mayResend?: boolean; modalPrompt?: string } = {},
): TaskEvent {
  const terms = { pace: PACE, timeoutMs: TIMEOUT_MS, mayWait: true, mayResend: false };
  return { kind: 'settled', source: 'sender', outcome, ...terms, ...overrides };
}

export function seen(snapshot: Partial<Snapshot> = {}): TaskEvent {
  return { kind: 'snapshot', source: 'poller', snapshot: aSnapshot(snapshot), pace: PACE };
}

export function found(snapshot: Partial<Snapshot> = {}): TaskEvent {
  return { kind: 'found', source: 'reconciler', snapshot: aSnapshot(snapshot), pace: PACE, timeoutMs: TIMEOUT_MS };
}

export function absent(): TaskEvent {
  return { kind: 'absent', source: 'poller', pace: PACE };
}

export function missing(): TaskEvent {
  return { kind: 'missing', source: 'poller' };
}

/** A look-up that did not find the task and proves nothing. */
export function denied(nextLookUp = after(999_000)): TaskEvent {
  return { kind: 'denied', source: 'reconciler', nextLookUp, isProven: false, maxResends: 3 };
}

/** A look-up that proves that the upstream did not take the task. */
export function provenAbsent(nextLookUp = after(999_000), maxResends = 3): TaskEvent {
  return { kind: 'denied', source: 'reconciler', nextLookUp, isProven: true, maxResends };
}

/** The late acceptance of an attempt that was proven not taken. */
export function takenLate(snapshot: Partial<Snapshot> = {}): TaskEvent {
  const terms = { pace: PACE, timeoutMs: TIMEOUT_MS };
  return { kind: 'taken_late', source: 'reconciler', upstreamId: '7', snapshot: aSnapshot(snapshot), ...terms };
}

/** @param askableSince since when the upstream can be asked; null: it cannot be asked now */
export function inconclusive(nextLookUp = after(999_000), askableSince: Date | null = new Date(0)): TaskEvent {
  return {
    kind: 'inconclusive',
    source: 'reconciler',
    nextLookUp,
    settleMs: SETTLE_MS,
    longestMs: TIMEOUT_MS,
    askableSince,
  };
}

export function queueTimedOut(): TaskEvent {
  return { kind: 'queue_timed_out', source: 'clock' };
}

export function windowExpired(): TaskEvent {
  return { kind: 'window_expired', source: 'clock' };
}

export function unheard(): TaskEvent {
  return { kind: 'unheard', source: 'clock' };
}

export function inputLost(): TaskEvent {
  return { kind: 'input_lost', source: 'dispatcher' };
}

/** One answer of each kind that an upstream can give to a submit. */
export const OUTCOMES = {
  accepted: { kind: 'accepted', upstreamTaskIds: ['up-1'] },
  queued: { kind: 'queued', upstreamTaskIds: ['up-1'], ahead: 3 },
  exists: { kind: 'exists', upstreamTaskId: 'up-1' },
  uploaded: { kind: 'uploaded', urls: ['https://up.test/1.png'] },
  window: { kind: 'window', upstreamTaskId: 'up-1', finalPrompt: 'a blue cat' },
  full: { kind: 'full' },
  nothing_done: { kind: 'nothing_done', fault: 'connect' },
  banned: { kind: 'banned', promptEn: 'x', bannedWord: 'x' },
  refused: { kind: 'refused', code: 9, words: 'no' },
  unknown: { kind: 'unknown', fault: 'reset' },
} satisfies Record<Outcome['kind'], Outcome>;
