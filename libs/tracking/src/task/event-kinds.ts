/**
 * Every kind of line in a task's timeline: the values of `task_event.kind`. docs/state-machine.md says what each of
 * them does to a task.
 */
export const EVENT_KINDS = [
  'opened',
  'rebased',
  'dispatched',
  'moved',
  'accepted',
  'queued',
  'exists',
  'window',
  'unknown',
  'waiting',
  'uploaded',
  'refused',
  'found',
  'denied',
  'resend',
  'unconfirmed',
  'confirmed',
  'window_expired',
  'progress',
  'learned',
  'pictureless',
  'succeeded',
  'failed',
  'cancelled',
  'retry',
  'aliased',
  'cancel_asked',
  'late_success',
  'late_acceptance',
  'seeded',
  'refunded',
  'unsaved',
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];
