import { valuesOf } from '#libs/database';
import type { Bench, Load, Row } from '../bench.js';
import { median, type Figure } from '../figures.js';
import { clientHeaders } from '../installation.js';
import { CLAIM_POLLS as CLAIM_TASKS } from '../../../libs/tracking/src/store/claims/claim-polls.js';
import { CLAIM_DELIVERIES as CLAIM_HOOKS } from '../../../libs/hooks/src/store/claim-deliveries.js';
import { installSeeded, type Seeded } from '../seeded.js';

const SIZES = [1_000, 100_000, 1_000_000];
const FULL_SIZE = 5_000_000;
const QUICK_SIZES = [1_000, 20_000, 100_000];
const AT_MOST = 1.3;
const FETCHES = 400;
const SUBMITS = 150;
const CLAIMS = 30;
const DUE = 300;

interface Store extends Seeded {
  size: number;
  fetches: Load;
  submits: Load;
}

/** What each kind of work takes among few and among many stored tasks, in turn. */
export const GROWTH: Row = {
  name: 'growth',
  run: async (bench) => {
    const sizes = bench.size.share < 1 ? QUICK_SIZES : bench.size.isFull ? [...SIZES, FULL_SIZE] : SIZES;
    const { url: upstreamUrl } = await bench.start('children/upstream-main');
    const stores: Store[] = [];
    for (const size of sizes) stores.push(await openStore(bench, size, upstreamUrl));
    const works: [string, (store: Store) => Promise<number>][] = [
      ['fetch', async ({ fetches }) => (await fetches.run({ connections: 1, count: FETCHES })).medianMs],
      ['submit', async ({ submits }) => (await submits.run({ connections: 1, count: SUBMITS })).medianMs],
      ['a tick: claim of 100 due tasks', claimTasks],
      ['claim of 64 due hooks', claimHooks],
    ];
    const figures: Figure[] = [];
    for (const [what, work] of works) figures.push(...(await grow(bench, what, stores, work)));
    return figures;
  },
};

async function openStore(bench: Bench, size: number, upstreamUrl: string): Promise<Store> {
  const seeded = await installSeeded(bench, size, upstreamUrl);
  const { url } = await bench.gateway(seeded.environment);
  const headers = clientHeaders(seeded);
  const requests = seeded.ids.map((id) => ({ method: 'GET' as const, path: `/mj/task/${id}/fetch`, body: null }));
  const submit = { method: 'POST' as const, path: '/mj/submit/imagine', body: JSON.stringify({ prompt: 'a red cat' }) };
  return {
    ...seeded,
    size,
    fetches: await bench.load({ urls: [url], headers, requests, expects: '' }),
    submits: await bench.load({ urls: [url], headers, requests: [submit], expects: '"code":1,' }),
  };
}

/** One line for each size but the smallest, which the others are compared with. */
async function grow(
  bench: Bench,
  what: string,
  stores: readonly Store[],
  work: (store: Store) => Promise<number>,
): Promise<Figure[]> {
  for (const store of stores) for (let warm = 0; warm < 3; warm += 1) await work(store);
  const times = stores.map((): number[] => []);
  for (let round = 0; round < bench.size.rounds; round += 1) {
    for (const [at, store] of stores.entries()) times[at]?.push(await work(store));
  }
  const [smallest = []] = times;
  return stores.slice(1).map(({ size }, at) => {
    const values = times[at + 1] ?? [];
    const ratio = median(values.map((value, round) => value / (smallest[round] ?? NaN)));
    return {
      row: `growth: ${what} among ${size.toLocaleString('en-GB')} tasks, beside 1,000`,
      ours: median(values),
      floor: median(smallest),
      ratio,
      cpuRatio: null,
      unit: 'ms',
      rounds: values.length,
      reach: `≤ ${AT_MOST}`,
      holds: ratio <= AT_MOST,
      note: 'less is better; one at a time',
    };
  });
}

/** Claims of 100 due tasks in transactions that are undone, so that all claim the same; the newest ones run again for it. */
function claimTasks(store: Store): Promise<number> {
  return timeClaims(store, async (run) => {
    await store.sql.query(
      `with due as (
          update task set status = 'IN_PROGRESS', progress = 40, finished_at = null, upstream_id = $1,
            next_poll_at = now() - interval '1 s'
          where id in (select id from task where status = 'SUCCESS' order by submitted_at desc limit ${DUE})
          returning id, next_poll_at)
        insert into task_poll (task_id, upstream_id, due_at) select id, $1, next_poll_at from due`,
      [store.upstreamId],
    );
    return () =>
      run(CLAIM_TASKS.text, valuesOf(CLAIM_TASKS, { upstreamId: store.upstreamId, limit: 100, leaseMs: 30_000 }));
  });
}

/** Claims of 64 due deliveries. */
function claimHooks(store: Store): Promise<number> {
  return timeClaims(store, async (run) => {
    await store.sql.query(
      `update hook_delivery set state = 'waiting', next_at = now() - interval '1 s', delivered_at = null
        where task_id in (select task_id from hook_delivery order by created_at desc limit ${DUE})`,
    );
    const claim = '00000000-0000-4000-8000-000000000000';
    const values = valuesOf(CLAIM_HOOKS, {
      claimId: claim,
      leaseMs: 45_000,
      limit: 64,
      receivers: '[]',
      keys: '[]',
      newKey: 64,
      newAddress: 64,
      newReceiver: 64,
      window: 64,
    });
    return () => run(CLAIM_HOOKS.text, values);
  });
}

type Runs = (text: string, values: unknown[]) => Promise<unknown>;

async function timeClaims({ sql }: Store, prepare: (run: Runs) => Promise<() => Promise<unknown>>): Promise<number> {
  await sql.query('begin');
  try {
    const once = await prepare((text, values) => sql.query({ name: `claim ${text.length}`, text, values }));
    const times: number[] = [];
    for (let at = 0; at < CLAIMS; at += 1) {
      await sql.query('savepoint before');
      const began = performance.now();
      await once();
      times.push(performance.now() - began);
      await sql.query('rollback to before');
    }
    return median(times);
  } finally {
    await sql.query('rollback');
  }
}
