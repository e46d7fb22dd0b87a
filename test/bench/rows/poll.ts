import type { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../child.js';
import type { Row, Side } from '../bench.js';
import { compare } from '../figures.js';
import { install } from '../installation.js';
import { tellStatements } from '../statements.js';
import { stockOf, stockRunning } from '../stock.js';

const TASKS = 20_000;
const BATCH = 100;
const LOOK_MS = 10;
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
    // The floor's own: ours has task_poll, which the floor leaves alone.
    await theirs.sql.query('create index floor_due on task (upstream_id, next_poll_at) where next_poll_at is not null');
    let progress = 0;
    const prepare = async (sql: Client, makeDue: string): Promise<void> => {
      progress += 1;
      await upstream.ask('setProgress', progress);
      await sql.query(makeDue);
    };
    const round = async (sql: Client): ReturnType<Side['round']> => ({
      amount: tasks,
      seconds: await secondsOf(sql, upstream, tasks, progress),
    });
    const oursSide: Side & Required<Pick<Side, 'prepare'>> = {
      server: gateway,
      // Nobody starts the gateway: it begins by itself, once the round has begun.
      prepare: () => prepare(ours.sql, "update task_poll set due_at = now() + interval '1 second'"),
      round: () => round(ours.sql),
    };
    const floorSide: Side = {
      server: floor,
      prepare: () => prepare(theirs.sql, "update task set next_poll_at = now() - interval '1 second'"),
      round: async () => {
        await floor.ask('sync', { upstreamId: theirs.upstreamId });
        return round(theirs.sql);
      },
    };
    const rounds = await bench.alternate(oursSide, floorSide);
    await oursSide.prepare();
    const statements = await bench.postgres.statementsOf(ours.databaseUrl, () => oursSide.round());
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
async function secondsOf(sql: Client, upstream: Child, tasks: number, progress: number): Promise<number> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const { first, count } = await upstream.ask<Calls>('calls');
    // Not before the last list call: looking reads the table, and that is no work of either.
    const isLeft = count < tasks / BATCH || (await hasBehind(sql, progress));
    const now = Date.now();
    if (!isLeft) return (now - first) / 1_000;
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

async function hasBehind(sql: Client, progress: number): Promise<boolean> {
  const { rows } = await sql.query<{ left: boolean }>('select exists (select from task where progress < $1) as left', [
    progress,
  ]);
  return rows[0]?.left !== false;
}
