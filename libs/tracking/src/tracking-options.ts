import type { TaskMode } from '#libs/wire';

/** Times and limits of tasks; durations in ms. An abstract class, so that the type is its own injection token. */
export abstract class TrackingOptions {
  /** Whether this replica runs background jobs; false on replicas that only serve requests. */
  abstract readonly runsWork: boolean;
  abstract readonly pollMinMs: number;
  /** Longest time that a task may stay with its upstream, by mode. */
  abstract readonly taskTimeoutMs: Record<TaskMode, number>;
  abstract readonly missingAfterMs: number;
  /** Longest time that an upstream may take to answer a submit. */
  abstract readonly submitTimeoutMs: number;
  /** Grace period after the longest send during which the outcome of a submit may stay unknown. */
  abstract readonly submitSettleMs: number;
  /** How often a submit is sent again after its upstream was proven not to have taken it. */
  abstract readonly maxResends: number;
  /** Most waiting tasks of one key. */
  abstract readonly queueLimit: number;
  abstract readonly queueTimeoutMs: number;
  /** URL under which upstreams reach this gateway, without a trailing slash; null: upstreams get no push URL. */
  abstract readonly publicUrl: string | null;
}
