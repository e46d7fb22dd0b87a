/** How often tasks are polled. */
export interface Pace {
  /** Shortest interval between two polls of a task, ms. */
  minMs: number;
  /** Random number 0..1 for the jitter of ±20 %, which keeps replicas and tasks apart. */
  random: () => number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const SLOWEST_MS = 60 * SECOND;

/** Poll interval by age of the task: clients watch young tasks, and an old task is stuck in the upstream's queue. */
const STEPS: readonly { until: number; every: number }[] = [
  { until: 30 * SECOND, every: 2 * SECOND },
  { until: 2 * MINUTE, every: 3 * SECOND },
  { until: 10 * MINUTE, every: 5 * SECOND },
  { until: 30 * MINUTE, every: 15 * SECOND },
];

/**
 * Factor by which the interval grows with each poll that brings nothing new, and the multiple at which growth stops.
 */
const QUIET_GROWTH = 1.5;
const MOST_GROWTH = 4;

/**
 * Delay until the next poll, ms: by age, longer while nothing changes, with a jitter of ±20 %.
 * @param ageMs time since the task was sent
 * @param quietPolls polls in a row that brought nothing new
 */
export function nextPollDelay(ageMs: number, quietPolls: number, pace: Pace): number {
  const step = STEPS.find(({ until }) => ageMs < until)?.every ?? SLOWEST_MS;
  const base = Math.max(pace.minMs, (step / (2 * SECOND)) * pace.minMs);
  const grown = base * Math.min(MOST_GROWTH, QUIET_GROWTH ** Math.max(0, quietPolls - 2));
  return Math.round(Math.min(Math.max(SLOWEST_MS, pace.minMs), grown) * (0.8 + 0.4 * pace.random()));
}

/** Back-off after failed calls to an upstream, ms: 1 s, doubling up to 60 s. */
export function pauseAfterFailures(failures: number): number {
  return Math.min(SLOWEST_MS, SECOND * 2 ** Math.max(0, failures - 1));
}
