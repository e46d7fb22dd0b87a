import { nextPollDelay } from '#libs/tracking';

const SECOND = 1_000;
/** The defaults of the gateway, without jitter. */
const PACE = { minMs: 2 * SECOND, random: () => 0.5 };

/**
 * How many polls see a task from its submit to its end, at the gateway's own paces. The first poll finds that it runs.
 * @param runMs how long the task runs
 * @param showsProgress whether each further poll brings news; without, polls become rarer
 */
export function pollsOf(runMs: number, showsProgress: boolean): number {
  let polls = 0;
  let quiet = 0;
  let age = nextPollDelay(0, 0, PACE);
  for (;;) {
    polls += 1;
    if (age >= runMs) return polls;
    quiet = showsProgress || polls === 1 ? 0 : quiet + 1;
    age += nextPollDelay(age, quiet, PACE);
  }
}
