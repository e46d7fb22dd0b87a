import { availableParallelism } from 'node:os';
import type { Row } from '../bench.js';
import type { LoadPlan } from '../children/load-plan.js';
import { compare } from '../figures.js';
import { clientHeaders, install } from '../installation.js';
import { stockFinished, stockOf } from '../stock.js';

const TASKS = 2_000;
const CONNECTIONS = 64;
const AT_LEAST = 1.6;
/** Two replicas, PostgreSQL, the upstream and the load generator each want one. */
const CORES_NEEDED = 6;

/** Three fetches for each submit, on two replicas and on one. */
export const SPREAD: Row = {
  name: 'spread',
  run: async (bench) => {
    const { url: upstreamUrl } = await bench.start('children/upstream-main');
    const installation = await install(bench, { upstreamUrl, settings: { ROLE: 'api' } });
    const ids = await stockFinished(installation.sql, stockOf(installation, TASKS));
    const first = await bench.gateway(installation.environment);
    const second = await bench.gateway(installation.environment);
    const plan = { headers: clientHeaders(installation), requests: mixOf(ids), expects: '' };
    const two = await bench.load({ ...plan, urls: [first.url, second.url] });
    const one = await bench.load({ ...plan, urls: [first.url] });
    const run = { connections: CONNECTIONS, seconds: bench.size.seconds };
    const rounds = await bench.alternate(
      { server: first.child, round: () => two.round(run) },
      { server: first.child, round: () => one.round(run) },
    );
    const cores = availableParallelism();
    const figure = compare(rounds, {
      row: 'spread: fetch and submit (3:1) on two replicas, beside one',
      unit: 'requests/s',
      atLeast: AT_LEAST,
      note: '',
    });
    const canTell = cores >= CORES_NEEDED;
    const note = canTell ? `on ${cores} cores` : `${cores} cores cannot tell: ${CORES_NEEDED} are wanted`;
    return [{ ...figure, cpuRatio: null, note, holds: canTell ? figure.holds : null }];
  },
};

function mixOf(ids: readonly string[]): LoadPlan['requests'] {
  const submit = { method: 'POST' as const, path: '/mj/submit/imagine', body: JSON.stringify({ prompt: 'a red cat' }) };
  return ids.flatMap((id, at) => [
    { method: 'GET' as const, path: `/mj/task/${id}/fetch`, body: null },
    ...(at % 3 === 0 ? [submit] : []),
  ]);
}
