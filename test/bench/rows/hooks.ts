import type { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../child.js';
import type { Row, Side } from '../bench.js';
import { compare } from '../figures.js';
import { install } from '../installation.js';
import { tellStatements } from '../statements.js';
import { stockFinished, stockOf } from '../stock.js';

const DELIVERIES = 20_000;
const BYTES = 1_500;
/** Each port is a host to the gateway, which has at most 8 tries of one host and 64 in all under way. */
const HOSTS = 8;
const LOOK_MS = 25;
const PATIENCE_MS = 120_000;
/** Until they are due, s: making them so costs PostgreSQL a fifth of what delivering them does, and is over by then. */
const DUE_IN = 2;

interface Counts {
  first: number;
  last: number;
  count: number;
  signed: number;
}

/** Deliveries that are all due: from the first one that arrives until the last one is settled. */
export const HOOKS: Row = {
  name: 'hooks',
  run: async (bench) => {
    const deliveries = Math.round(DELIVERIES * bench.size.share);
    const { child: receiver, url } = await bench.start('children/receiver-main', { settings: { ports: HOSTS } });
    const urls = url.split(' ');
    const { url: upstreamUrl } = await bench.start('children/upstream-main');
    const { sql, ...installation } = await install(bench, { upstreamUrl, settings: { ROLE: 'worker' } });
    const ids = await stockFinished(sql, { ...stockOf({ sql, ...installation }, deliveries) });
    await sql.query(
      `insert into hook_delivery (task_id, api_key_id, url, host, state, seq, terminal, payload, told_seq, delivered_at)
        select id, $2, url || '/hook', substr(url, 8), 'delivered', 7, true, rpad('{"id":"' || id || '"', $4, ' ') || '}', 7, now()
        from (select id, ($3::text[])[1 + n % cardinality($3::text[])] as url
          from unnest($1::bigint[]) with ordinality as t (id, n)) t`,
      [ids, installation.keyId, urls, BYTES - 1],
    );
    await sql.query('vacuum (analyze) hook_delivery');
    const { child: gateway } = await bench.gateway(installation.environment);
    const { child: floor } = await bench.start('floors/hook-floor', { settings: { urls, bytes: BYTES } });
    const prepare = async (): Promise<void> => {
      await receiver.ask('reset');
      await sql.query(
        `update hook_delivery set state = 'waiting', next_at = now() + $1::integer * interval '1 s', told_seq = null,
          attempts = 0, delivered_at = null`,
        [DUE_IN],
      );
    };
    const ours = async (): ReturnType<Side['round']> => ({
      amount: deliveries,
      seconds: await settled(sql, receiver, deliveries),
    });
    const theirs = async (): ReturnType<Side['round']> => {
      await receiver.ask('reset');
      await floor.ask('deliver', deliveries);
      const { first, last } = await receiver.ask<Counts>('counts');
      return { amount: deliveries, seconds: (last - first) / 1_000 };
    };
    const rounds = await bench.alternate({ server: gateway, prepare, round: ours }, { server: floor, round: theirs });
    const statements = await bench.postgres.statementsOf(installation.databaseUrl, async () => {
      await prepare();
      await ours();
    });
    // The bench's own looks are plain selects.
    const often = statements.filter(
      ({ query, calls }) => query.startsWith('with') && query.includes('hook_') && calls > deliveries / 640,
    );
    tellStatements(bench, often, deliveries / 64, 'for 64');
    const per64 = often.reduce((sum, { calls }) => sum + calls, 0) / (deliveries / 64);
    return [
      compare(rounds, {
        row: `hooks: ${deliveries.toLocaleString('en-GB')} due deliveries of 1.5 kB, signed`,
        unit: 'deliveries/s',
        atLeast: 0.65,
        note: `claim and settle; ${per64.toFixed(1)} statements for 64 deliveries`,
      }),
    ];
  },
};

/** Seconds from the first arrival until none waits. */
async function settled(sql: Client, receiver: Child, deliveries: number): Promise<number> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const { rows } = await sql.query<{ left: boolean }>(
      `select exists (select from hook_delivery where next_at is not null) as left`,
    );
    const now = Date.now();
    if (rows[0]?.left === false) {
      const { first, count, signed } = await receiver.ask<Counts>('counts');
      if (signed < deliveries) throw new Error(`of ${deliveries} deliveries ${signed} of ${count} arrived signed`);
      return (now - first) / 1_000;
    }
    if (now > giveUpAt) throw new Error('not every delivery was settled');
    await sleep(LOOK_MS);
  }
}
