import type { House } from './house.ts';

/** Something that is wrong now. */
export type Verdict =
  | { kind: 'no_upstream' }
  | { kind: 'misconfigured'; upstream: string; error: string }
  | { kind: 'paused'; upstream: string; error: string | null }
  | { kind: 'stuck'; ids: string[] }
  | { kind: 'failing'; ratio: number; failed: number }
  | { kind: 'no_slot'; waiting: number; seconds: number }
  | { kind: 'hooks_late'; pending: number; seconds: number }
  | { kind: 'hooks_dead'; count: number };

const LATE_SECONDS = 60;
const LONG_WAIT_SECONDS = 60;
/** Below it too much fails, once as many tasks have ended as a share means something. */
const GOOD_RATIO = 0.9;
const FEWEST_ENDED = 10;

/** What is wrong, the worst first; empty: all is well. */
export function verdictsOf(house: House): Verdict[] {
  const working = house.upstreams.filter(({ isEnabled }) => isEnabled);
  const found: Verdict[] = working.length === 0 ? [{ kind: 'no_upstream' }] : [];
  for (const { name, misconfigured, circuit, lastError } of working) {
    if (misconfigured !== null) found.push({ kind: 'misconfigured', upstream: name, error: misconfigured });
    else if (circuit === 'open') found.push({ kind: 'paused', upstream: name, error: lastError });
  }
  if (house.stuck.length > 0) found.push({ kind: 'stuck', ids: house.stuck });
  if (
    house.successRatio !== null &&
    house.successRatio < GOOD_RATIO &&
    house.succeeded + house.failed >= FEWEST_ENDED
  ) {
    found.push({ kind: 'failing', ratio: house.successRatio, failed: house.failed });
  }
  const isFull = working.length > 0 && working.every(({ running, slots }) => running >= slots);
  const seconds = house.oldestWaitSeconds ?? 0;
  if (isFull && seconds >= LONG_WAIT_SECONDS) found.push({ kind: 'no_slot', waiting: house.waiting, seconds });
  if (house.hooksOverdueSeconds >= LATE_SECONDS) {
    found.push({ kind: 'hooks_late', pending: house.hooksPending, seconds: house.hooksOverdueSeconds });
  }
  if (house.hooksDead > 0) found.push({ kind: 'hooks_dead', count: house.hooksDead });
  return found;
}
