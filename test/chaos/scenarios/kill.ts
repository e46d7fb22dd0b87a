import { setTimeout as sleep } from 'node:timers/promises';
import type { UpstreamKind } from '#libs/upstream';
import type { Gateway } from '../fleet.js';
import { findTooManyGivenUp } from '../invariants.js';
import { Nemesis } from '../nemesis.js';
import { CUT_LOAD_MS, sendAll, type Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';
import { canFindLost } from '../vendors.js';

const EVERY_MS = 2_000;
/** A victim dies when so many of its submits have been answered, before it saves the last answer. */
const SUBMITS = 4;
/** For each victim: half of them go to the gateway that stays. */
const REQUESTS = 16;
const REACH_MS = 10_000;

/** M-01: gateways die all the time. */
export const KILL: Scenario = {
  name: 'kill',
  about: 'three gateways, one of them is killed (-9) every 2 s',
  tasks: { full: 10_000, cut: 600 },
  stage: ({ isCut }) => ({
    gateways: 3,
    receivers: 5,
    slots: 200,
    workMs: [300, 2_000],
    inFlight: isCut ? 16 : 32,
  }),
  drive: async (stage, size) => {
    const nemesis = new Nemesis(stage.fleet, { everyMs: EVERY_MS, random: size.random });
    await sendAll(stage, size);
    await nemesis.callOff();
    return () => ({});
  },
};

/** The same where the work is done by other kinds: gateways die between an answer and its record. */
export function killOf(name: string, kinds: readonly UpstreamKind[], only: 'full' | 'cut'): Scenario {
  return {
    name,
    about: `upstream: ${kinds.join(', ')}; one gateway after the other dies with an accepted submit that it has not recorded`,
    only,
    tasks: { full: 1_000, cut: 150 },
    stage: () => ({
      gateways: 1,
      receivers: 3,
      slots: 200,
      workMs: [1_000, 2_000],
      inFlight: REQUESTS,
      vendors: kinds,
    }),
    promises: (history) => (kinds.every(canFindLost) ? findTooManyGivenUp(history, 0) : []),
    drive: async (stage, size) => {
      const rounds = Math.max(1, Math.round(size.tasks / REQUESTS));
      const until = size.isCut ? Date.now() + CUT_LOAD_MS : Infinity;
      const loads: Promise<void>[] = [];
      let deaths = 0;
      let next = startVictim(stage);
      for (let round = 0; round < rounds && Date.now() < until; round += 1) {
        const victim = await next;
        // The one after it comes up meanwhile, which takes longer than to die.
        next = startVictim(stage);
        loads.push(stage.clients.run(REQUESTS));
        await Promise.race([victim.ended, sleep(REACH_MS)]);
        if (victim.exit === null) await stage.fleet.kill(victim);
        else deaths += 1;
      }
      await stage.fleet.kill(await next);
      await Promise.all(loads);
      return () => ({ 'died between answer and record': deaths });
    },
  };
}

function startVictim({ fleet }: Stage): Promise<Gateway> {
  return fleet.start({ CHAOS_FAILPOINT: `send.answered:${SUBMITS}` });
}
