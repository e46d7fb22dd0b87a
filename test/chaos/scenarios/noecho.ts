import { setTimeout as sleep } from 'node:timers/promises';
import { NO_FAULTS } from '../faults.js';
import { sendAll, type Scenario } from '../scenario.js';

/** M-42: an upstream by which a lost answer cannot be found again. Nothing may be sent twice; the credits come back. */
export const NOECHO: Scenario = {
  name: 'noecho',
  about:
    'the upstream echoes no state, has no list and does not push; a fifth of its answers are lost, a gateway is killed',
  tasks: { full: 1_000, cut: 150 },
  stage: () => ({
    gateways: 2,
    receivers: 3,
    slots: 100,
    workMs: [300, 1_500],
    inFlight: 12,
    dialect: { echoesState: false, lists: false, pushes: false },
    settings: { SUBMIT_SETTLE_MS: '5000' },
  }),
  drive: async (stage, size) => {
    const { upstream, fleet } = stage;
    upstream.submitFaults = { error: 0.1, reset: 0.05, hang: 0.05 };
    const load = sendAll(stage, size);
    await sleep(1_500);
    const [victim] = fleet.up();
    if (victim !== undefined) await fleet.kill(victim);
    await fleet.start();
    await load;
    upstream.submitFaults = NO_FAULTS;
    return () => ({});
  },
};
