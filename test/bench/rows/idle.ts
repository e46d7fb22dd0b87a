import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from '../bench.js';
import type { Usage } from '../children/usage-probe.js';
import { bound, median } from '../figures.js';
import { install } from '../installation.js';

const STARTS = 5;
/** After a start there is work that is done once. */
const SETTLE_MS = 15_000;

/** A gateway with nothing to do, and how long one takes to be ready on a migrated database. */
export const IDLE: Row = {
  name: 'idle',
  run: async (bench) => {
    const { url: upstreamUrl } = await bench.start('children/upstream-main');
    const installation = await install(bench, { upstreamUrl });
    const starts: number[] = [];
    for (let at = 0; at < STARTS; at += 1) {
      const began = performance.now();
      const { child, url } = await bench.gateway(installation.environment);
      const ready = await fetch(`${url}/health/ready`);
      if (ready.status !== 200) throw new Error(`it listens, but is not ready: ${await ready.text()}`);
      starts.push((performance.now() - began) / 1_000);
      await child.stop();
    }
    const { child } = await bench.gateway(installation.environment);
    await sleep(SETTLE_MS);
    await child.ask('begin');
    await sleep(5_000 * Math.max(1, bench.size.seconds));
    const { cpu, rssMb } = await child.ask<Usage>('end');
    const note = 'with the database, key and upstream that it has';
    return [
      bound({ row: 'idle: RSS', ours: rssMb, unit: 'MB', rounds: 1, atMost: 160, note }),
      bound({
        row: 'idle: CPU',
        ours: cpu * 100,
        unit: '% of a core',
        rounds: 1,
        atMost: 1,
        note: 'what is looked for twice a second or once',
      }),
      bound({
        row: 'idle: from start to ready, Postgres elsewhere',
        ours: median(starts),
        unit: 's',
        rounds: STARTS,
        atMost: 2.5,
        note: 'the schema is there',
      }),
    ];
  },
};
