import type { Outcome, Snapshot } from '#libs/upstream';
import type { Pace } from './poll-pace.js';
import type { Task } from './task.entity.js';

/** The part of the gateway that reports an event: the values of `task_event.source`. */
export type EventSource = 'api' | 'sender' | 'dispatcher' | 'poller' | 'push' | 'reconciler' | 'admin' | 'clock';

/** Everything that can happen to a task. Durations are in ms. */
export type TaskEvent =
  /**
   * The send of a submit ended, with or without an answer. `mayWait`: the input is stored, so the task may wait and be
   * sent later. `mayResend`: the connection is closed and the input is stored, so the task may be sent again once the
   * upstream is proven not to have taken this attempt. `modalPrompt`: the prompt that a confirmation of a modal sent;
   * absent for any other submit.
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
  /** The upstream showed the task in a snapshot. */
  | { kind: 'snapshot'; source: EventSource; snapshot: Snapshot; pace: Pace }
  /** The upstream answered a poll and left this task out. */
  | { kind: 'absent'; source: EventSource; pace: Pace }
  /** The upstream, asked for this task alone after the task was absent long enough, does not have the task. */
  | { kind: 'missing'; source: EventSource }
  /** A look-up found the task of a submit whose outcome was unknown. */
  | { kind: 'found'; source: EventSource; snapshot: Snapshot; pace: Pace; timeoutMs: number }
  /** An upstream accepted a past attempt that had been proven not taken, while the task waits to be sent again. */
  | {
      kind: 'taken_late';
      source: EventSource;
      upstreamId: string;
      snapshot: Snapshot;
      pace: Pace;
      timeoutMs: number;
    }
  /**
   * A look-up reached back before the send and did not find the task. `isProven`: the list proves that the upstream did
   * not take the attempt. After two such proofs the task is sent again, at most `maxResends` times in all.
   */
  | { kind: 'denied'; source: EventSource; nextLookUp: Date; isProven: boolean; maxResends: number }
  /**
   * A look-up neither found nor denied the task. The grace period `settleMs` only runs while the upstream can be asked:
   * `askableSince` is the begin of the present stretch in which it can, null when it cannot now. After `longestMs` in
   * all the task is given up either way.
   */
  | {
      kind: 'inconclusive';
      source: EventSource;
      nextLookUp: Date;
      settleMs: number;
      longestMs: number;
      askableSince: Date | null;
    }
  /**
   * The upstream answered a submit with the id of another task of the same key; the task becomes an alias of that task.
   */
  | { kind: 'aliased'; source: EventSource; original: Task }
  /** The original of this alias has changed. */
  | { kind: 'followed'; source: EventSource; original: Task }
  /**
   * The task was opened together with others and is not sent, because of the outcome of the first of them or of
   * another.
   */
  | { kind: 'given_up'; source: EventSource; outcome: Outcome }
  /** The task waited for a free slot longer than the queue timeout. */
  | { kind: 'queue_timed_out'; source: EventSource }
  /** The client did not confirm the modal in time. */
  | { kind: 'window_expired'; source: EventSource }
  /** The deadline of the task is long over and its upstream no longer answers. */
  | { kind: 'unheard'; source: EventSource }
  /** The client cancels the task while no upstream works on the task. */
  | { kind: 'cancelled'; source: EventSource }
  /** The upstream was asked to cancel the task and did not decline. */
  | { kind: 'cancel_asked'; source: EventSource }
  /** The upstream answered with the seed of the task. */
  | { kind: 'seeded'; source: EventSource; seed: string }
  /** The task could be sent, but its stored input is gone or unreadable. */
  | { kind: 'input_lost'; source: EventSource }
  /** An operator ends the task; the client reads `reason`. */
  | { kind: 'failed_by_admin'; source: EventSource; reason: string }
  /** An operator refunds the task, whatever its status. */
  | { kind: 'refunded'; source: EventSource; note: string };
