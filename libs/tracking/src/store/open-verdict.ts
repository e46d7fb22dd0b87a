import type { SubmitMinutes } from '#libs/access';
import type { Task } from '../task/task.entity.js';

/** Result of opening a task. Only `opened` and `waiting` leave a row. */
export type Opened =
  | { kind: 'opened'; task: Task }
  | { kind: 'waiting'; task: Task }
  /** The credits, or the monthly budget, do not cover the price. */
  | { kind: 'quota' }
  /** The key has reached its limit of unfinished tasks, of submits per minute or of tasks per day. */
  | { kind: 'busy'; retryAfterSeconds: number }
  /** The key has reached its limit of waiting tasks or of stored input. */
  | { kind: 'queue_full' }
  /** No slot is free, and the task may not wait. */
  | { kind: 'full' }
  /** The Idempotency-Key was used before. */
  | { kind: 'replay' }
  /** The same upscale is running or has succeeded. */
  | { kind: 'repeat' };

export type Verdict = 'open' | 'wait' | 'quota' | 'daily' | 'rate' | 'busy' | 'queue_full' | 'full' | 'needs_input';

/** State of the key's limits after the statement; null without limits. */
export interface LimitsLeft {
  rate_limit: number | null;
  rate_used: number | null;
  rate_resets_ms: number | null;
  day_ends_ms: number;
}

/** Values that the statement decided for a task that it opened. */
interface Decided {
  price: string;
  upstream_id: string | null;
  has_slot: boolean;
  waiting: boolean;
  is_counted: boolean;
  send_attempt: number;
  sent_at: Date | null;
  send_deadline: Date | null;
  look_up_at: Date | null;
  submitted_at: Date;
}

export type VerdictRow = LimitsLeft & { verdict: Verdict } & (({ id: string } & Decided) | { id: null });

/** Retry-After for a key at its limit of unfinished tasks: a guess, because the end of a running task is unknown. */
export const BUSY_RETRY_SECONDS = 5;

/** Maps the verdict to a result; writes the decided values into an opened task. */
export function toOpened(task: Task, row: VerdictRow): Opened {
  if (row.id !== null) {
    task.price = task.cost = row.price;
    task.upstreamId = row.upstream_id;
    task.hasSlot = row.has_slot;
    task.waiting = row.waiting;
    task.isCounted = row.is_counted;
    task.sendAttempt = row.send_attempt;
    task.sentAt = row.sent_at;
    task.sendDeadline = row.send_deadline;
    task.lookUpAt = row.look_up_at;
    task.submittedAt = row.submitted_at;
    return { kind: task.waiting ? 'waiting' : 'opened', task };
  }
  const { verdict } = row;
  switch (verdict) {
    case 'busy':
      return { kind: 'busy', retryAfterSeconds: BUSY_RETRY_SECONDS };
    case 'rate':
      return { kind: 'busy', retryAfterSeconds: secondsOf(row.rate_resets_ms ?? 0) };
    case 'daily':
      return { kind: 'busy', retryAfterSeconds: secondsOf(row.day_ends_ms) };
    case 'quota':
    case 'queue_full':
    case 'full':
      return { kind: verdict };
    case 'open':
    case 'wait':
    case 'needs_input':
      throw new Error(`the open statement answered ${verdict} without a task`);
  }
}

/** Records how many submits a key with a rate limit has had in its current minute. */
export function noteSubmitMinute(minutes: SubmitMinutes, apiKeyId: string, left: LimitsLeft | undefined): void {
  if (left === undefined) return;
  const { rate_limit: limit, rate_used: used, rate_resets_ms: endsInMs } = left;
  if (limit !== null && used !== null && endsInMs !== null) minutes.note(apiKeyId, limit, used, endsInMs);
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}
