import { setTimeout as sleep } from 'node:timers/promises';
import { countUnsent } from '../collect-history.js';
import { NO_FAULTS } from '../faults.js';
import { findTooManyUnknown } from '../invariants.js';
import { CUT_LOAD_MS, sendAll, type Scenario } from '../scenario.js';

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
  drive: async (stage, size) => {
    const { upstream } = stage;
    upstream.submitFaults = { error: 0.3, reset: 0.1, hang: 0.05 };
    upstream.readFaults = { error: 0.1, reset: 0.03, hang: 0.02 };
    const until = Date.now() + (size.isCut ? CUT_LOAD_MS : FAULTS_MS);
    await sendAll(stage, size);
    // While its circuit is open tasks wait here; they are to meet the faults too.
    while (Date.now() < until && (await countUnsent(stage.database)) > 0) await sleep(LOOK_MS);
    upstream.submitFaults = NO_FAULTS;
    upstream.readFaults = NO_FAULTS;
    return ({ rows }) => ({ 'sent again, once proven not taken': rows.reduce((sum, { resends }) => sum + resends, 0) });
  },
};
