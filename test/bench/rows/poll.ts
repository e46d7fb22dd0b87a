import type { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../child.js';
import type { Row, Side } from '../bench.js';
import { compare } from '../figures.js';
import { install } from '../installation.js';
import { tellStatements } from '../statements.js';
import { stockOf, stockRunning } from '../stock.js';

const TASKS = 20_000;
const LOOK_MS = 25;
const PATIENCE_MS = 60_000;

interface Calls {
  first: number;
  count: number;
}

/** Tasks that are all due and have all moved on: from the first list call until the last one is saved. */
export const POLL: Row = {
  name: 'poll',
  run: async (bench) => {
    const { child: upstream, url: upstreamUrl } = await bench.start('children/upstream-main');
    const tasks = Math.round(TASKS * bench.size.share);
    const ours = await install(bench, { upstreamUrl, settings: { ROLE: 'worker' } });
    const theirs = await install(bench, { upstreamUrl });
    for (const installation of [ours, theirs]) await stockRunning(installation.sql, stockOf(installation, tasks));
    const { child: gateway } = await bench.gateway(ours.environment);
    const settings = { databaseUrl: theirs.databaseUrl, upstreamUrl };
    const { child: floor } = await bench.start('floors/poll-floor', { settings });
    let progress = 0;
    const round = async (sql: Client, begin: () => Promise<unknown>): ReturnType<Side['round']> => {
      progress += 1;
      await upstream.ask('setProgress', progress);
      await sql.query("update task set next_poll_at = now() - interval '1 second'");
      await begin();
      return { amount: tasks, seconds: await secondsOf(sql, upstream, progress) };
    };
    const oursOnce = (): ReturnType<Side['round']> => round(ours.sql, () => Promise.resolve());
    const floorOnce = (): ReturnType<Side['round']> =>
      round(theirs.sql, () => floor.ask('sync', { upstreamId: theirs.upstreamId }));
    const rounds = await bench.alternate({ server: gateway, round: oursOnce }, { server: floor, round: floorOnce });
    const statements = await bench.postgres.statementsOf(ours.databaseUrl, oursOnce);
    const calls = await upstream.ask<Calls>('calls');
    const ofBatches = statements.filter(
      ({ query, calls: n }) => /task_event|for update skip locked/.test(query) && n > 10,
    );
    tellStatements(bench, ofBatches, calls.count, 'a batch');
    const perBatch = ofBatches.reduce((sum, { calls: n }) => sum + n, 0) / calls.count;
    return [
      compare(rounds, {
        row: `poll: ${tasks.toLocaleString('en-GB')} due tasks, every one changed`,
        unit: 'tasks/s',
        atLeast: 0.6,
        note: `the save: version, event and timeline of each task; ${perBatch.toFixed(2)} statements a batch of 100`,
      }),
    ];
  },
};

/** Seconds from the first list call until all tasks show `progress`. */
async function secondsOf(sql: Client, upstream: Child, progress: number): Promise<number> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const { rows } = await sql.query<{ left: boolean }>(
      'select exists (select from task where next_poll_at is not null and progress < $1) as left',
      [progress],
    );
    const now = Date.now();
    if (rows[0]?.left === false) {
      const { first } = await upstream.ask<Calls>('calls');
      return (now - first) / 1_000;
    }
    if (now > giveUpAt) {
      const { rows: found } = await sql.query(
        `select (select jsonb_object_agg(progress, n) from (select progress, count(*) as n from task group by 1) t) as progress,
          (select jsonb_object_agg(kind, n) from (select kind, count(*) as n from task_event group by 1) e) as events`,
      );
      throw new Error(`not every task reached ${progress} %: ${JSON.stringify(found[0])}`);
    }
    await sleep(LOOK_MS);
  }
}
