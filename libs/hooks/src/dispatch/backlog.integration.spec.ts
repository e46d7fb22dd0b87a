import { HookRig, until } from '../../test/hook-rig.js';
import { DEFER_FAILING_HOST } from '../store/defer-failing-host.js';
import { hostOf } from '../receivers/receiver-host.js';
import { SETTLE, settlementOf } from '../store/settle-deliveries.js';

const BACKLOG = 5_000;
const HOST = '127.0.0.1:9';

let rig: HookRig;
beforeAll(async () => {
  rig = await HookRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

/** Terminal rows for one receiver, all due, older than anything else. */
async function backlog(url: string, host: string, rows = BACKLOG): Promise<void> {
  await rig.sql(
    `insert into task (id, api_key_id, action, mode, bot_type, status, base_url)
     select n, $1, 'IMAGINE', 'FAST', 'MID_JOURNEY', 'SUBMITTED', '' from generate_series(1, $2::int) n`,
    [rig.apiKeyId, rows],
  );
  await rig.sql(
    `insert into hook_delivery (task_id, api_key_id, url, host, seq, terminal, payload, next_at, created_at)
     select n, $1, $2, $3, 1, true, '{}', now() - interval '1 hour' + n * interval '1 ms', now() - interval '1 hour'
     from generate_series(1, $4::int) n`,
    [rig.apiKeyId, url, host, rows],
  );
  await rig.sql('analyze hook_delivery');
}

async function failing(host: string, more = ''): Promise<void> {
  await rig.sql(
    `insert into hook_host (api_key_id, host, failures, failing_since, probe_at)
     values ($1, $2, 9, now() - interval '1 second', now() + interval '30 seconds')`,
    [rig.apiKeyId, host],
  );
  if (more !== '') await rig.sql(`update hook_host set ${more} where host = $1`, [host]);
}

const count = async (where: string): Promise<number> =>
  (await rig.sql<{ n: number }>(`select count(*)::int as n from hook_delivery where ${where}`))[0]?.n ?? -1;

/** A deferred row has a `retry_at`; none of these rows had one before. */
const deferFailing = (): Promise<unknown> => rig.database.run(DEFER_FAILING_HOST, { probeMs: 30_000 });

describe('the backlog of a failing receiver', () => {
  it('is deferred: one row stays due, the others come due in their order', async () => {
    await backlog('http://127.0.0.1:9/', HOST);
    await failing(HOST);
    await deferFailing();
    expect(await rig.sql('select task_id::text as id from hook_delivery where retry_at is null')).toEqual([
      { id: '1' },
    ]);
    expect(await count(`next_at > now() + interval '10 minutes'`)).toBe(0);
    expect(await count(`attempts > 0 or claim_id is not null or state <> 'waiting'`)).toBe(0);
    const [order] = await rig.sql<{ kept: boolean }>(
      'select bool_and(next_at >= before) as kept from (select next_at, lag(next_at) over (order by task_id) as before from hook_delivery) d',
    );
    expect(order?.kept).toBe(true);
    await deferFailing();
    expect(await count('retry_at is null')).toBe(1);
  });

  it('is read once and not with every claim: fifty others are served past a receiver that hangs', async () => {
    const hanging = await rig.receiver();
    hanging.behaviour = () => undefined;
    await backlog(hanging.origin, hostOf(hanging.origin));
    await failing(hostOf(hanging.origin));
    rig.dispatcher();
    await until(async () => (await count('next_at <= now()')) <= 1);
    const others = await rig.tasks(50);
    for (const taskId of others) await rig.finish(taskId, (await rig.receiver()).origin);
    for (const taskId of others) await rig.settled(taskId, 'delivered');
    // Its next try, and its probe; never its backlog.
    expect(hanging.mostAtOnce).toBeLessThanOrEqual(2);
  });

  it('comes back with the first success, each row once', async () => {
    const receiver = await rig.receiver();
    await backlog(receiver.origin, hostOf(receiver.origin), 400);
    await failing(hostOf(receiver.origin));
    await deferFailing();
    expect(await count('retry_at is null')).toBe(1);
    rig.dispatcher();
    await until(async () => (await count(`state = 'delivered'`)) === 400);
    expect(new Set(receiver.hooks.map((hook) => hook.headers['webhook-id'])).size).toBe(400);
    expect(receiver.hooks).toHaveLength(400);
    expect(await rig.sql('select distinct attempts from hook_delivery')).toEqual([{ attempts: 1 }]);
  });

  it('that failed for long comes back within the spread', async () => {
    await backlog('http://127.0.0.1:9/', HOST, 1_000);
    await failing(HOST, `failing_since = now() - interval '1 hour'`);
    await deferFailing();
    expect(await count(`next_at > now() + interval '30 seconds'`)).toBeGreaterThan(800);
    const claims = await rig.claim();
    expect(claims.map(({ taskId }) => taskId)).toEqual(['1']);
    const verdict = { kind: 'delivered', class: 'delivered', status: 200 } as const;
    const settlements = claims.map((claim) => settlementOf(claim, { verdict, ms: 1, head: Buffer.alloc(0) }, null));
    await rig.database.run(SETTLE, {
      settlements: JSON.stringify(settlements),
      paceMs: 500,
      probeMs: 30_000,
      spreadMs: 30_000,
    });
    expect(await count(`next_at > now() + interval '30 seconds'`)).toBe(0);
    const [spread] = await rig.sql<{ s: number }>(
      `select extract(epoch from max(next_at) - min(next_at))::float8 as s from hook_delivery where next_at is not null`,
    );
    expect(spread?.s).toBeGreaterThan(20);
    expect((await rig.host('http://127.0.0.1:9/'))?.failingSince).toBeNull();
  });

  it('waits for the silence that its receiver asked for', async () => {
    await backlog('http://127.0.0.1:9/', HOST, 10);
    await failing(HOST, `not_before = now() + interval '5 minutes'`);
    await deferFailing();
    expect(await count(`next_at < now() + interval '4 minutes'`)).toBe(0);
  });

  it('takes events before the end out of the way until the next probe', async () => {
    await backlog('http://127.0.0.1:9/', HOST, 10);
    await failing(HOST);
    await rig.sql('update hook_delivery set terminal = false where task_id <= 5');
    await deferFailing();
    expect(await count(`next_at < now() + interval '20 seconds' and not terminal`)).toBe(0);
    expect(await rig.sql('select task_id::text as id from hook_delivery where retry_at is null')).toEqual([
      { id: '6' },
    ]);
  });

  it('lets the end of a task be due at once although an event was deferred', async () => {
    await backlog('http://127.0.0.1:9/', HOST, 10);
    await failing(HOST);
    await rig.sql('update hook_delivery set terminal = false');
    await deferFailing();
    await rig.enqueue({ taskId: '9', seq: 2, url: 'http://127.0.0.1:9/', terminal: true });
    expect(await count('next_at <= now() and task_id = 9')).toBe(1);
  });
});
