/**
 * Milliseconds since some moment in the past. It goes on evenly whatever is done to the clock on the wall, so it is what
 * durations, deadlines and caches of this process are measured by. Its values mean nothing to another process.
 */
export type MonotonicClock = () => number;

/** This process' own. */
export const monotonicMs: MonotonicClock = () => performance.now();
