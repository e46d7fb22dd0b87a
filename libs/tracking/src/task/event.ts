import type { Outcome, Snapshot } from '#libs/upstream';
import type { Pace } from './poll-pace.js';
import type { Task } from './task.entity.js';

/** Who found out what happened; the `source` of a row in `task_event`. */
export type EventSource = 'api' | 'sender' | 'dispatcher' | 'poller' | 'push' | 'reconciler' | 'admin' | 'clock';

/** Everything that can happen to a task. Durations are in ms. */
export type TaskEvent =
  /**
   * The upstream answered a submit, or did not. `mayWait`: its input is kept, so it can be sent later. `mayResend`: the
   * connection is closed and its input is kept, so that it can be sent again once its upstream is proven not to have taken it.
   * `modalPrompt`: what a confirmation sent; absent where it was none.
   */
  | {
      kind: 'settled';
      source: EventSource;
      outcome: Outcome;
      pace: Pace;
      timeoutMs: number;
      mayWait: boolean;
      mayResend: boolean;
      modalPrompt?: string;
    }
  /** An upstream said how the task stands. */
  | { kind: 'snapshot'; source: EventSource; snapshot: Snapshot; pace: Pace }
  /** The upstream answered, but not about this task. */
  | { kind: 'absent'; source: EventSource; pace: Pace }
  /** Asked for singly, after it was absent for long enough: the upstream does not have it. */
  | { kind: 'missing'; source: EventSource }
  /** A look-up found the task that an unknown submit had made. */
  | { kind: 'found'; source: EventSource; snapshot: Snapshot; pace: Pace; timeoutMs: number }
  /** An upstream took a send after all that was proven not taken, while the task waits to be sent again. */
  | {
      kind: 'taken_late';
      source: EventSource;
      upstreamId: string;
      snapshot: Snapshot;
      pace: Pace;
      timeoutMs: number;
    }
  /**
   * A look-up reached back before our send and did not find it. `isProven`: what it showed proves that the upstream did
   * not take it. Two such have it sent again, `maxResends` times in all.
   */
  | { kind: 'denied'; source: EventSource; nextLookUp: Date; isProven: boolean; maxResends: number }
  /**
   * A look-up could not tell. Patience, `settleMs`, runs only while the upstream can be asked: `askableSince` is since
   * when it can without a break, null: it cannot now. After `longestMs` in all it is over either way.
   */
  | {
      kind: 'inconclusive';
      source: EventSource;
      nextLookUp: Date;
      settleMs: number;
      longestMs: number;
      askableSince: Date | null;
    }
  /** The upstream answered a submit with a task that this key has already. */
  | { kind: 'aliased'; source: EventSource; original: Task }
  /** The task that an alias follows has moved. */
  | { kind: 'followed'; source: EventSource; original: Task }
  /** It is one of several that are opened together, and is not sent because of what became of the first, or of another. */
  | { kind: 'given_up'; source: EventSource; outcome: Outcome }
  /** It waited for a free upstream longer than it may. */
  | { kind: 'queue_timed_out'; source: EventSource }
  /** Nobody confirmed its window in time. */
  | { kind: 'window_expired'; source: EventSource }
  /** Its time is long over, and its upstream does not answer any more. */
  | { kind: 'unheard'; source: EventSource }
  /** Its client cancels it, and no upstream works at it. */
  | { kind: 'cancelled'; source: EventSource }
  /** Its upstream was asked to stop, and did not decline. */
  | { kind: 'cancel_asked'; source: EventSource }
  /** Its upstream told its seed. */
  | { kind: 'seeded'; source: EventSource; seed: string }
  /** It can be sent, but what it would send is gone or cannot be read. */
  | { kind: 'input_lost'; source: EventSource }
  /** An operator ends it; its client is told the reason. */
  | { kind: 'failed_by_admin'; source: EventSource; reason: string }
  /** An operator gives its credits back, whatever became of it. */
  | { kind: 'refunded'; source: EventSource; note: string };
