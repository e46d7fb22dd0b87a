import type { TaskMode } from '#libs/wire';

/** Times and limits of tasks; durations in ms. A class, so that it is its own DI token. */
export abstract class TrackingOptions {
  /** False on replicas that only serve requests. */
  abstract readonly runsWork: boolean;
  abstract readonly pollMinMs: number;
  /** Longest life of a task with its upstream, by mode. */
  abstract readonly taskTimeoutMs: Record<TaskMode, number>;
  abstract readonly missingAfterMs: number;
  /** Longest send. */
  abstract readonly submitTimeoutMs: number;
  /** How long after the longest send an unknown outcome may stay unknown. */
  abstract readonly submitSettleMs: number;
  /** How often a submit is sent again that its upstream is proven not to have taken. */
  abstract readonly maxResends: number;
  /** Most waiting tasks of one key, and the longest wait. */
  abstract readonly queueLimit: number;
  abstract readonly queueTimeoutMs: number;
  /** Where upstreams reach us, without a trailing slash; null: they are given no push URL. */
  abstract readonly publicUrl: string | null;
}
