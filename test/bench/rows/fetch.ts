import type { Bench, Load, Row } from '../bench.js';
import { compare, type Figure } from '../figures.js';
import { clientHeaders, install, type Installation } from '../installation.js';
import { perRequest } from '../statements.js';
import { stockFinished, stockOf } from '../stock.js';
import type { LoadPlan } from '../children/load-plan.js';

const TASKS = 10_000;
const CONNECTIONS = 64;
const IDS_PER_LIST = 100;
const LISTS = 100;

/** Reads of finished tasks, one by one and 100 at a time. */
export const FETCH: Row = {
  name: 'fetch',
  run: (bench) =>
    readRow(bench, {
      row: 'fetch: finished tasks, 64 connections',
      atLeast: 0.8,
      connections: CONNECTIONS,
      requests: (ids) => ids.map((id) => ({ method: 'GET', path: `/mj/task/${id}/fetch`, body: null })),
    }),
};

export const LIST: Row = {
  name: 'list',
  run: (bench) =>
    readRow(bench, {
      row: 'list-by-condition: 100 ids, 64 connections',
      atLeast: 0.75,
      connections: CONNECTIONS,
      requests: (ids) =>
        Array.from({ length: LISTS }, (_, at) => ({
          method: 'POST',
          path: '/mj/task/list-by-condition',
          body: JSON.stringify({ ids: ids.slice(at * IDS_PER_LIST, (at + 1) * IDS_PER_LIST) }),
        })),
    }),
};

interface ReadTerms {
  row: string;
  atLeast: number;
  connections: number;
  requests: (ids: readonly string[]) => LoadPlan['requests'];
}

async function readRow(bench: Bench, { row, atLeast, connections, requests }: ReadTerms): Promise<Figure[]> {
  const { url: upstreamUrl } = await bench.start('children/upstream-main');
  const installation = await install(bench, { upstreamUrl });
  const ids = await stockFinished(installation.sql, stockOf(installation, TASKS));
  const plan = { headers: clientHeaders(installation), requests: requests(ids), expects: '' };
  const gateway = await bench.gateway(installation.environment);
  const { databaseUrl, keyId } = installation;
  const floor = await bench.start('floors/read-floor', { settings: { databaseUrl, keyId } });
  const ours = await bench.load({ ...plan, urls: [gateway.url] });
  const theirs = await bench.load({ ...plan, urls: [floor.url] });
  await assertSameBytes(ours, theirs, gateway.url, floor.url);
  const { seconds } = bench.size;
  const rounds = await bench.alternate(
    { server: gateway.child, round: () => ours.round({ connections, seconds }) },
    { server: floor.child, round: () => theirs.round({ connections, seconds }) },
  );
  const statements = await statementsOf(bench, installation, ours);
  return [
    compare(rounds, {
      row,
      unit: 'requests/s',
      atLeast,
      note: `CPU of the gateway; ${statements} statements a request`,
    }),
  ];
}

/** A floor that sends less would be none. */
async function assertSameBytes(ours: Load, theirs: Load, ourUrl: string, theirUrl: string): Promise<void> {
  for (const at of [0, 17, 99]) {
    const [a, b] = [await ours.look(at), await theirs.look(at)];
    if (a !== b.replaceAll(theirUrl, ourUrl)) throw new Error(`the floor answers other bytes:\n${a}\n${b}`);
  }
}

async function statementsOf(bench: Bench, { databaseUrl }: Installation, load: Load): Promise<string> {
  return (await perRequest(bench, databaseUrl, load, 'from task')).toFixed(2);
}
