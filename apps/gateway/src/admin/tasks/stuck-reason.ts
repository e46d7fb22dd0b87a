import type { Task } from '#libs/tracking';

/** Why a task, or the hook that tells of it, is where it is. */
export const STUCK_REASONS = [
  'past_deadline',
  'outcome_unknown',
  'window_open',
  'follows_task',
  'upstream_misconfigured',
  'circuit_open',
  'no_upstream',
  'slot_awaited',
  'missing_at_upstream',
  'picture_awaited',
  'polls_late',
  'running',
  'receiver_failing',
  'hook_pending',
  'hook_dead',
  'hook_cancelled',
] as const;
export type StuckCode = (typeof STUCK_REASONS)[number];

/** A reason with what its sentence needs; what does not belong to it is null. */
export interface StuckReason {
  code: StuckCode;
  /** Since when. */
  since: Date | null;
  /** Tasks that are served before this one. */
  ahead: number | null;
  upstreamName: string | null;
  /** Class of the upstream's last failure. */
  upstreamError: string | null;
  /** Receiver of the hook. */
  host: string | null;
}

/** How the upstream of a task stands. */
export interface StuckUpstream {
  name: string;
  circuitSince: Date | null;
  isOpen: boolean;
  misconfigured: string | null;
  lastError: string | null;
}

/** How the hook of a task stands. */
export interface StuckHook {
  host: string;
  state: string;
  createdAt: Date;
  failingSince: Date | null;
}

/** What the reason is found in. */
export interface StuckFacts {
  task: Pick<
    Task,
    | 'status'
    | 'submittedAt'
    | 'sentAt'
    | 'confirmedAt'
    | 'finishedAt'
    | 'deadlineAt'
    | 'lookUpAt'
    | 'aliasOf'
    | 'waiting'
    | 'missingSince'
    | 'picturelessSince'
    | 'nextPollAt'
    | 'polledAt'
  >;
  /** Null: none is chosen yet. */
  upstream: StuckUpstream | null;
  /** Upstreams that may be sent its work now. */
  takers: number;
  /** Tasks that are served before it. */
  ahead: number;
  /** Null: nothing is to be told. */
  hook: StuckHook | null;
}

/** How late a poll may be before that is told: longer than a claimed poll takes. */
const LATE_MS = 60_000;

/** The first of STUCK_REASONS that fits, a task's before its hook's; null: nothing more is to come. */
export function stuckReason(facts: StuckFacts, now: Date): StuckReason | null {
  const { task, upstream, hook } = facts;
  const reason = (code: StuckCode, since: Date | null, more: Partial<StuckReason> = {}): StuckReason => ({
    code,
    since,
    ahead: null,
    upstreamName: upstream?.name ?? null,
    upstreamError: null,
    host: null,
    ...more,
  });
  if (task.finishedAt !== null) return hook === null ? null : hookReason(hook, task.finishedAt, reason);
  if (task.deadlineAt !== null && task.deadlineAt < now) return reason('past_deadline', task.deadlineAt);
  if (task.lookUpAt !== null) return reason('outcome_unknown', task.sentAt);
  if (task.status === 'MODAL' && task.confirmedAt === null) return reason('window_open', task.submittedAt);
  if (task.aliasOf !== null) return reason('follows_task', task.submittedAt);
  if (upstream?.isOpen === true) {
    const code = upstream.misconfigured === null ? 'circuit_open' : 'upstream_misconfigured';
    return reason(code, upstream.circuitSince, { upstreamError: upstream.misconfigured ?? upstream.lastError });
  }
  if (task.waiting) {
    return reason(facts.takers === 0 ? 'no_upstream' : 'slot_awaited', task.submittedAt, { ahead: facts.ahead });
  }
  if (task.missingSince !== null) return reason('missing_at_upstream', task.missingSince);
  if (task.picturelessSince !== null) return reason('picture_awaited', task.picturelessSince);
  if (task.nextPollAt !== null && now.getTime() - task.nextPollAt.getTime() > LATE_MS) {
    return reason('polls_late', task.nextPollAt, { upstreamError: upstream?.lastError ?? null });
  }
  return reason('running', task.sentAt);
}

function hookReason(
  { host, state, createdAt, failingSince }: StuckHook,
  finishedAt: Date,
  reason: (code: StuckCode, since: Date | null, more: Partial<StuckReason>) => StuckReason,
): StuckReason | null {
  switch (state) {
    case 'waiting':
      return failingSince === null
        ? reason('hook_pending', finishedAt, { host })
        : reason('receiver_failing', failingSince, { host });
    case 'dead':
      return reason('hook_dead', createdAt, { host });
    case 'cancelled':
      return reason('hook_cancelled', createdAt, { host });
    default:
      return null;
  }
}
