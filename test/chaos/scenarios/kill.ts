import { Nemesis } from '../nemesis.js';
import { sendAll, type Scenario } from '../scenario.js';

const EVERY_MS = 2_000;

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
