import { setTimeout as sleep } from 'node:timers/promises';
import { ApiKeyCache, newApiKey } from '#libs/access';
import { Database } from '#libs/database';
import type { Bench, Row } from '../bench.js';
import type { Child } from '../child.js';
import type { Usage } from '../children/usage-probe.js';
import { bound, type Figure } from '../figures.js';
import { install } from '../installation.js';
import { stockRunning } from '../stock.js';

const TASKS = 200;
const PER_TASK = 10;
/** A key has 100 streams on a replica. */
const KEYS = 20;

/** Watchers of running tasks in which nothing happens: what they cost beside none at all. */
export const SSE: Row = {
  name: 'sse',
  run: async (bench) => {
    const { url: upstreamUrl } = await bench.start('children/upstream-main');
    const installation = await install(bench, { upstreamUrl });
    const { sql, databaseUrl, upstreamId } = installation;
    const requests: { path: string; headers: Record<string, string> }[] = [];
    const database = new Database({ url: databaseUrl, connections: { http: 1, work: 1 }, statementTimeoutMs: 30_000 });
    for (let at = 0; at < KEYS; at += 1) {
      const key = newApiKey();
      const { id: keyId } = await new ApiKeyCache(database).ensure(`watcher ${at}`, key);
      for (const id of await stockRunning(sql, { count: TASKS / KEYS, keyId, upstreamId })) {
        const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream' };
        for (let n = 0; n < PER_TASK; n += 1) requests.push({ path: `/mj/task/${id}/events`, headers });
      }
    }
    await database.close();
    const { child: gateway, url } = await bench.gateway(installation.environment);
    await sleep(2_000);
    const before = await observe(bench, databaseUrl, gateway);
    const { child: watchers } = await bench.start('children/watchers-main');
    await watchers.ask('watch', { url, requests });
    await sleep(2_000);
    const after = await observe(bench, databaseUrl, gateway);
    const row = `sse: ${requests.length.toLocaleString('en-GB')} watchers of ${TASKS} running tasks`;
    const figures: Figure[] = [
      bound({
        row: `${row}: added queries`,
        ours: after.queries - before.queries,
        unit: 'a second',
        rounds: 1,
        atMost: 1,
        note: `${before.queries.toFixed(1)} a second without watchers, the background's`,
      }),
      {
        ...bound({
          row: `${row}: CPU`,
          ours: after.cpu * 100,
          unit: '% of a core',
          rounds: 1,
          atMost: Infinity,
          note: `${(before.cpu * 100).toFixed(1)} % without watchers; RSS ${after.rssMb.toFixed(0)} beside ${before.rssMb.toFixed(0)} MB`,
        }),
        reach: '–',
        holds: null,
      },
    ];
    return figures;
  },
};

/** What the gateway and its database do in some seconds in which nobody asks for anything. */
async function observe(bench: Bench, databaseUrl: string, gateway: Child): Promise<Usage & { queries: number }> {
  const seconds = 5 * Math.max(1, bench.size.seconds);
  await gateway.ask('begin');
  const statements = await bench.postgres.statementsOf(databaseUrl, () => sleep(seconds * 1_000));
  const usage = await gateway.ask<Usage>('end');
  return { ...usage, queries: statements.reduce((sum, { calls }) => sum + calls, 0) / usage.seconds };
}
