import type { SubmitMinutes } from '#libs/access';
import type { Task } from '../task/task.entity.js';

/** What came of opening a task. Only `opened` and `waiting` left a row. */
export type Opened =
  | { kind: 'opened'; task: Task }
  | { kind: 'waiting'; task: Task }
  /** Credits, or what may be spent in this month, do not cover the price. */
  | { kind: 'quota' }
  /** The key has as many unfinished tasks as it may, or had as many submits in this minute or tasks on this day. */
  | { kind: 'busy'; retryAfterSeconds: number }
  /** The key has as many waiting tasks, or as much of their input, as it may. */
  | { kind: 'queue_full' }
  /** No slot is free, and it may not wait. */
  | { kind: 'full' }
  /** The Idempotency-Key was used before. */
  | { kind: 'replay' }
  /** The same upscale runs or has succeeded. */
  | { kind: 'repeat' };

export type Verdict = 'open' | 'wait' | 'quota' | 'daily' | 'rate' | 'busy' | 'queue_full' | 'full' | 'needs_input';

/** How the limits of the key stand after the statement; null without limits. */
export interface LimitsLeft {
  rate_limit: number | null;
  rate_used: number | null;
  rate_resets_ms: number | null;
  day_ends_ms: number;
}

/** What the statement decided of a task that it opened. */
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

/** Nobody knows when a task ends. */
export const BUSY_RETRY_SECONDS = 5;

/** What a verdict means; a task that was opened takes in what was decided. */
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

/** Tells how many submits of its minute a key has had, where it has a limit. */
export function noteSubmitMinute(minutes: SubmitMinutes, apiKeyId: string, left: LimitsLeft | undefined): void {
  if (left === undefined) return;
  const { rate_limit: limit, rate_used: used, rate_resets_ms: endsInMs } = left;
  if (limit !== null && used !== null && endsInMs !== null) minutes.note(apiKeyId, limit, used, endsInMs);
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}
