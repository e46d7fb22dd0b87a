import type { EgressPolicy } from '#libs/net';
import { DEFAULT_RETRY_SCHEDULE } from './send/retry-schedule.js';

/** Limits and times of deliveries, ms unless said otherwise. */
export interface HookLimits {
  /** Tries that may be under way in this process, and of these to one receiver of one key. */
  maxInFlight: number;
  maxPerHost: number;
  /** Lease of a claim; three times the deadline, so that a try which begins in its first third ends before the claim. */
  leaseMs: number;
  /** Deadline of one try, from the look-up of its host to the last byte that is read. */
  deadlineMs: number;
  /** Deadline of a connection, from the look-up to the end of the TLS handshake. */
  connectMs: number;
  /** Least time between two events of a task before its end. */
  paceMs: number;
  /** Time between two probes of a failing receiver; one that failed for longer has recovered by its next success. */
  probeMs: number;
  /** Time over which the deliveries of a receiver that has recovered are spread. */
  spreadMs: number;
  /** How long results are gathered for one statement. */
  gatherMs: number;
  /** How long a shutdown waits for tries under way. */
  drainMs: number;
  /** Seconds from each failed try of a terminal event to the next. */
  retrySchedule: readonly number[];
}

export const HOOK_LIMITS: HookLimits = {
  maxInFlight: 192,
  maxPerHost: 8,
  leaseMs: 45_000,
  deadlineMs: 15_000,
  connectMs: 5_000,
  paceMs: 500,
  probeMs: 30_000,
  spreadMs: 30_000,
  gatherMs: 20,
  drainMs: 15_000,
  retrySchedule: DEFAULT_RETRY_SCHEDULE,
};

export interface HooksOptions {
  /** Whether this process delivers; one that does not may still enqueue and release. */
  enabled: boolean;
  /** Which addresses a hook may reach. */
  policy: EgressPolicy;
  /** `Journeyman/<version>` */
  userAgent: string;
  /** Whether connections to receivers are kept; true unless given. */
  keepsConnections?: boolean;
  /** Limits other than those of HOOK_LIMITS. */
  limits?: Partial<HookLimits>;
  /** At least 0, below 1; `Math.random` unless given. */
  random?: () => number;
}
