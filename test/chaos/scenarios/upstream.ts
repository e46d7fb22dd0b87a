import { setTimeout as sleep } from 'node:timers/promises';
import type { UpstreamKind } from '#libs/upstream';
import type { Figures } from '../figures.js';
import type { History } from '../history.js';
import { countUnsent } from '../collect-history.js';
import { NO_FAULTS } from '../faults.js';
import { findTooManyGivenUp, findTooManyUnknown } from '../invariants.js';
import { CUT_LOAD_MS, sendAll, type Scenario, type Size } from '../scenario.js';
import type { Stage } from '../stage.js';
import { canFindLost } from '../vendors.js';

/** The faults go on for so long at most in a full run, ms. */
const FAULTS_MS = 300_000;
const LOOK_MS = 250;

/** M-06, M-08, M-37: the upstream breaks in every way, half of the time after it took the work in. */
export const UPSTREAM: Scenario = {
  name: 'upstream',
  about:
    'of submits 30 % end in HTTP 500, 10 % in a reset, 5 % hang, half of each after acceptance; of reads a third of that',
  tasks: { full: 4_000, cut: 400 },
  stage: ({ isCut }) => ({
    gateways: 2,
    receivers: 5,
    slots: 200,
    workMs: [300, 2_000],
    inFlight: isCut ? 24 : 32,
  }),
  // It echoes marks, and lists what it took: what it did not take is proven, and sent again.
  promises: (history) => findTooManyUnknown(history, 0.01),
  drive: breakUpstreams,
};

/** The same where the work is done by other kinds. What they took in is found again where they offer a way. */
export function upstreamOf(name: string, kinds: readonly UpstreamKind[], only: 'full' | 'cut'): Scenario {
  return {
    name,
    about: `upstream: ${kinds.join(', ')}; calls are lost as in \`upstream\``,
    only,
    tasks: { full: 1_000, cut: 150 },
    stage: ({ isCut }) => ({
      gateways: isCut ? 1 : 2,
      receivers: 3,
      slots: 200,
      workMs: [600, 1_400],
      inFlight: isCut ? 12 : 24,
      vendors: kinds,
    }),
    promises: (history) => (kinds.every(canFindLost) ? findTooManyGivenUp(history, 0.01) : []),
    drive: breakUpstreams,
  };
}

async function breakUpstreams(stage: Stage, size: Size): Promise<(history: History) => Figures> {
  const until = Date.now() + (size.isCut ? CUT_LOAD_MS : FAULTS_MS);
  for (const upstream of stage.upstreams) {
    upstream.submitFaults = { error: 0.3, reset: 0.1, hang: 0.05 };
    upstream.readFaults = { error: 0.1, reset: 0.03, hang: 0.02 };
  }
  await sendAll(stage, size);
  // While its circuit is open tasks wait here; they are to meet the faults too.
  while (Date.now() < until && (await countUnsent(stage.database)) > 0) await sleep(LOOK_MS);
  for (const upstream of stage.upstreams) {
    upstream.submitFaults = NO_FAULTS;
    upstream.readFaults = NO_FAULTS;
  }
  return ({ rows }) => ({ 'sent again, once proven not taken': rows.reduce((sum, { resends }) => sum + resends, 0) });
}
