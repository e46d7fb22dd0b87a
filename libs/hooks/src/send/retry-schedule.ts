/** Seconds from each failed try of a terminal event to the next: ten tries within 27 h 42 min. */
export const DEFAULT_RETRY_SCHEDULE: readonly number[] = [5, 30, 120, 600, 1800, 7200, 18000, 36000, 36000];

/** Jitter: the share by which a delay is longer or shorter, so that receivers that failed together are not tried together. */
const JITTER = 0.2;

/**
 * The back-off of a terminal event after a failed try.
 * @param attempt tries so far, from 1
 * @param random at least 0, below 1
 * @param schedule seconds
 * @returns whole ms; null: that was the last try
 */
export function retryDelay(attempt: number, random: number, schedule = DEFAULT_RETRY_SCHEDULE): number | null {
  const seconds = schedule[attempt - 1];
  return seconds === undefined ? null : Math.round(seconds * 1_000 * (1 - JITTER + 2 * JITTER * random));
}
