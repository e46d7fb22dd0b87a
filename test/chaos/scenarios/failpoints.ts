import { setTimeout as sleep } from 'node:timers/promises';
import { FAILPOINTS, type Failpoint } from '../failpoints.js';
import { NO_FAULTS } from '../faults.js';
import type { Gateway } from '../fleet.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

/** Requests per point: more than the upstream has slots, so that some wait and are dispatched. */
const REQUESTS = 8;
const SLOTS = 4;
const REACH_MS = { work: 60_000, failures: 60_000, unknown_outcomes: 60_000, proofs: 100_000 };
/** More work comes when a victim has not died by then: the next gateway may have been faster. */
const AGAIN_MS = 10_000;
/** The short run begins no new point after so long. */
const CUT_MS = 90_000;
/** Fewer than a breaker would open for. */
const UNKNOWN_OUTCOMES = { error: 0.5, reset: 0, hang: 0 };

/**
 * M-02: a gateway dies at every step of the work, one step after the other; the next one, which is to die at the next
 * step, finds what it left.
 */
export const FAILPOINT_RUN: Scenario = {
  name: 'failpoints',
  about: `a gateway dies at each of ${FAILPOINTS.length} steps of the work`,
  tasks: { full: 3 * FAILPOINTS.length * REQUESTS, cut: FAILPOINTS.length * REQUESTS },
  stage: () => ({
    gateways: 0,
    receivers: 2,
    slots: SLOTS,
    workMs: [200, 800],
    inFlight: REQUESTS,
    retries: 2,
    // Without pushes, so that the poller and the look-ups have to find everything.
    dialect: { echoesState: true, lists: true, pushes: false },
    settings: { SUBMIT_TIMEOUT_MS: '1500', SUBMIT_SETTLE_MS: '8000' },
  }),
  drive: async (stage, size) => {
    const rounds = Math.max(1, Math.round(size.tasks / (FAILPOINTS.length * REQUESTS)));
    // A short run that is out of time has left out others each time.
    const first = size.isCut ? Math.floor(size.random() * FAILPOINTS.length) : 0;
    const until = size.isCut ? Date.now() + CUT_MS : Infinity;
    const loads: Promise<void>[] = [];
    const missed: string[] = [];
    let reached = 0;
    let next = startVictim(stage, first, 1);
    for (; reached < rounds * FAILPOINTS.length && Date.now() < until; reached += 1) {
      const victim = await next;
      // The one after it comes up meanwhile, which takes longer than to die.
      const round = 1 + Math.floor((reached + 1) / FAILPOINTS.length);
      next = startVictim(stage, first + reached + 1, round);
      const point = pointOf(first + reached);
      if (!(await reach(stage, victim, point, loads))) missed.push(point.name);
    }
    // It was to die at a point too, and must not do so now.
    await stage.fleet.kill(await next);
    await stage.fleet.start();
    // Requests that a victim left without an answer are answered now.
    await Promise.all(loads);
    // The short run must not fail because the machine was slow.
    if (missed.length > 0 && !size.isCut) throw new Error(`failpoints that were not reached: ${missed.join(', ')}`);
    return () => ({ 'failpoints reached': `${reached - missed.length} of ${rounds * FAILPOINTS.length}` });
  },
};

/** One point after the other, and again. */
function pointOf(at: number): Failpoint {
  const point = FAILPOINTS[at % FAILPOINTS.length];
  if (point === undefined) throw new Error('there are no failpoints');
  return point;
}

/** Starts a gateway that dies at its n-th hit of a point. */
function startVictim({ fleet }: Stage, at: number, n: number): Promise<Gateway> {
  return fleet.start({ CHAOS_FAILPOINT: `${pointOf(at).name}:${n}` });
}

/** Gives a victim work until it dies; false: it did not get to its point. */
async function reach(stage: Stage, victim: Gateway, { needs }: Failpoint, loads: Promise<void>[]): Promise<boolean> {
  if (needs === 'unknown_outcomes' || needs === 'proofs') stage.upstream.submitFaults = UNKNOWN_OUTCOMES;
  if (needs === 'failures') stage.upstream.workFaults = 0.5;
  const giveUpAt = Date.now() + REACH_MS[needs];
  while (victim.exit === null && Date.now() < giveUpAt) {
    loads.push(stage.clients.run(REQUESTS));
    await Promise.race([victim.ended, sleep(AGAIN_MS)]);
  }
  stage.upstream.submitFaults = NO_FAULTS;
  stage.upstream.workFaults = 0;
  if (victim.exit !== null) return true;
  await stage.fleet.kill(victim);
  return false;
}
