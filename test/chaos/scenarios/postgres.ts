import { setTimeout as sleep } from 'node:timers/promises';
import { seconds } from '../figures.js';
import { sendAll, type Scenario } from '../scenario.js';

/** M-20: the database crashes under load and comes back. */
export const POSTGRES: Scenario = {
  name: 'postgres',
  about: 'PostgreSQL is stopped at once three times, for seconds',
  tasks: { full: 6_000, cut: 400 },
  stage: ({ isCut }) => ({
    gateways: 2,
    receivers: 5,
    slots: 200,
    workMs: [300, 2_000],
    inFlight: isCut ? 16 : 32,
  }),
  drive: async (stage, size) => {
    const { clients, postgres } = stage;
    const [upMs, downMs] = size.isCut ? [2_500, 1_500] : [10_000, 5_000];
    const recoveries: number[] = [];
    let isOver = false;
    const load = sendAll(stage, size).finally(() => (isOver = true));
    for (let stop = 1; stop <= 3; stop += 1) {
      await sleep(upMs);
      await postgres.stopAtOnce();
      await sleep(downMs);
      await postgres.startAgain();
      const listening = Date.now();
      const before = clients.records.length;
      while (clients.records.length === before && !isOver) await sleep(20);
      if (clients.records.length > before) recoveries.push(Date.now() - listening);
    }
    await load;
    return () => ({ 'first answer after it listens again, at most': seconds(Math.max(0, ...recoveries)) });
  },
};
