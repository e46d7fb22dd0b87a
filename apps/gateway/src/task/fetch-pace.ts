import type { PublicTask } from '#libs/tracking';
import { isTerminal } from '#libs/wire';

const MINUTE_S = 60;
/** Age in s → s until the next fetch makes sense: the gateway itself polls the upstream no more often. */
const STEPS: readonly { until: number; every: number }[] = [
  { until: MINUTE_S / 2, every: 2 },
  { until: 2 * MINUTE_S, every: 3 },
  { until: 10 * MINUTE_S, every: 5 },
  { until: 30 * MINUTE_S, every: 15 },
];
const SLOWEST_S = 30;
/** RELAX tasks stand in Midjourney's own queue for minutes. */
const RELAX_FACTOR = 2;
/** For a task that waits for an upstream, and for a modal that waits for its client, s. */
const WAITING_S = 5;
const WINDOW_S = 30;

/** Seconds after which a fetch may bring news (`Retry-After`); null for a task that has ended. */
export function secondsToNextFetch(
  { status, mode, waiting, submittedAt }: Pick<PublicTask, 'status' | 'mode' | 'waiting' | 'submittedAt'>,
  now: Date,
): number | null {
  if (isTerminal(status)) return null;
  if (status === 'MODAL') return WINDOW_S;
  const age = (now.getTime() - submittedAt.getTime()) / 1_000;
  const step = STEPS.find(({ until }) => age < until)?.every ?? SLOWEST_S;
  return Math.max(waiting ? WAITING_S : 1, mode === 'RELAX' ? step * RELAX_FACTOR : step);
}
