import { setTimeout as sleep } from 'node:timers/promises';
import { seconds } from '../figures.js';
import { sendAll, type Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

/** M-04, M-05: rolling restarts under load, and a process that stands still for longer than its claims last. */
export const STOP: Scenario = {
  name: 'stop',
  about: 'each of three gateways is stopped (SIGTERM) and replaced under load; one stands still (SIGSTOP) in between',
  tasks: { full: 4_000, cut: 400 },
  stage: ({ isCut }) => ({
    gateways: 3,
    receivers: 5,
    slots: 200,
    workMs: [300, 2_000],
    inFlight: isCut ? 12 : 16,
  }),
  drive: async (stage, size) => {
    let working = true;
    const load = sendAll(stage, size).finally(() => (working = false));
    const paused = pauseOne(stage, size.isCut ? 8_000 : 60_000);
    const stops: number[] = [];
    for (let round = 1; round <= 3 && working; round += 1) {
      await sleep(1_000);
      const [oldest] = stage.fleet.up();
      if (oldest === undefined) continue;
      await stage.fleet.start();
      stops.push(await stage.fleet.stop(oldest));
    }
    await Promise.all([load, paused]);
    const again = stage.clients.records.filter(({ tries }) => tries > 1).length;
    return () => ({
      'orderly stops': stops.length,
      'longest stop': seconds(Math.max(0, ...stops)),
      'requests that needed another try': again,
    });
  },
};

async function pauseOne({ fleet }: Stage, ms: number): Promise<void> {
  // In the middle of its work: with claims of tasks and hooks in its hands.
  await sleep(2_000);
  const gateway = fleet.up().at(-1);
  if (gateway === undefined) return;
  fleet.pause(gateway);
  await sleep(ms);
  fleet.resume(gateway);
}
