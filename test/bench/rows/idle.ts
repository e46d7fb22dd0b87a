import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from '../bench.js';
import type { Usage } from '../children/usage-probe.js';
import { bound, median } from '../figures.js';
import { install } from '../installation.js';

const STARTS = 5;
/** A median, because V8 goes on tidying up for a while, some 100 ms at a time. */
const ROUNDS = 5;
/** After a start there is work that is done once; V8 gives back what it took for that after some 40 s. */
const SETTLE_MS = 45_000;

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
    const usages: Usage[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await child.ask('begin', true);
      await sleep(2_000 * Math.max(1, bench.size.seconds));
      usages.push(await child.ask<Usage>('end'));
    }
    const note = 'with the database, key and upstream that it has';
    return [
      bound({
        row: 'idle: RSS',
        ours: median(usages.map(({ rssMb }) => rssMb)),
        unit: 'MB',
        rounds: ROUNDS,
        atMost: 160,
        note,
      }),
      bound({
        row: 'idle: CPU',
        ours: median(usages.map(({ cpu }) => cpu * 100)),
        unit: '% of a core',
        rounds: ROUNDS,
        atMost: 1,
        note: 'one question twice a second: is anything due?',
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
