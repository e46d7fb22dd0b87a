/** How often a task is asked for. */
export interface Pace {
  /** Shortest distance of two polls, ms. */
  minMs: number;
  /** 0..1, for the ±20 % that keep replicas and tasks apart. */
  random: () => number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const SLOWEST_MS = 60 * SECOND;

/** Age of a task → distance of its polls: people look at young tasks, and old ones are stuck in a queue. */
const STEPS: readonly { until: number; every: number }[] = [
  { until: 30 * SECOND, every: 2 * SECOND },
  { until: 2 * MINUTE, every: 3 * SECOND },
  { until: 10 * MINUTE, every: 5 * SECOND },
  { until: 30 * MINUTE, every: 15 * SECOND },
];

/** Growth while nothing changes, and the multiple it stops at. */
const QUIET_GROWTH = 1.5;
const MOST_GROWTH = 4;

/**
 * How long until the next poll, in ms: by age, slower while nothing changes, ±20 %.
 * @param ageMs since the task was sent
 * @param quietPolls polls in a row that brought nothing new
 */
export function nextPollDelay(ageMs: number, quietPolls: number, pace: Pace): number {
  const step = STEPS.find(({ until }) => ageMs < until)?.every ?? SLOWEST_MS;
  const base = Math.max(pace.minMs, (step / (2 * SECOND)) * pace.minMs);
  const grown = base * Math.min(MOST_GROWTH, QUIET_GROWTH ** Math.max(0, quietPolls - 2));
  return Math.round(Math.min(Math.max(SLOWEST_MS, pace.minMs), grown) * (0.8 + 0.4 * pace.random()));
}

/** How long an upstream that fails is left alone, in ms: 1 s doubling to 60 s. */
export function pauseAfterFailures(failures: number): number {
  return Math.min(SLOWEST_MS, SECOND * 2 ** Math.max(0, failures - 1));
}
