import type { Row } from '../bench.js';
import { compare } from '../figures.js';
import { clientHeaders, install } from '../installation.js';
import { perRequest } from '../statements.js';
import { stockFinished, stockOf } from '../stock.js';

const CONNECTIONS = 64;
const TASKS = 10_000;
const BODY = JSON.stringify({
  prompt: 'a lighthouse on a cliff at dusk, long exposure, soft light --ar 3:2 --v 6.1',
  state: 'order 4711',
});

/** Imagines of a key with credits and every limit, to an upstream that answers at once. */
export const SUBMIT: Row = {
  name: 'submit',
  run: async (bench) => {
    const { url: upstreamUrl } = await bench.start('children/upstream-main');
    // What is polled afterwards is the row `poll`: a task is first polled a minute after this one's submit.
    const installation = await install(bench, { upstreamUrl, settings: { ROLE: 'api' } });
    // Plans that were made for an empty table are those of a first minute only.
    await stockFinished(installation.sql, stockOf(installation, TASKS));
    await installation.sql.query('analyze');
    const gateway = await bench.gateway(installation.environment);
    const databaseUrl = await bench.database();
    const settings = { databaseUrl, upstreamUrl, bodyLimit: 262_144, keeps: true };
    const floor = await bench.start('floors/submit-floor', { settings });
    const requests = [{ method: 'POST' as const, path: '/mj/submit/imagine', body: BODY }];
    const plan = { headers: clientHeaders(installation), requests, expects: '"code":1,' };
    const ours = await bench.load({ ...plan, urls: [gateway.url] });
    const theirs = await bench.load({ ...plan, urls: [floor.url] });
    const { seconds } = bench.size;
    const run = { connections: CONNECTIONS, seconds };
    const rounds = await bench.alternate(
      { server: gateway.child, round: () => ours.round(run) },
      { server: floor.child, round: () => theirs.round(run) },
    );
    const statements = await perRequest(bench, installation.databaseUrl, ours, 'task');
    return [
      compare(rounds, {
        row: 'submit: imagine, 64 connections, one key with credits, ledger and limits',
        unit: 'requests/s',
        atLeast: 0.75,
        note: `CPU: HTTP on both sides, and two statements that write account, slot, task, events, ledger and poll; ${statements.toFixed(2)} statements a request`,
      }),
    ];
  },
};
