import { HookRig, until } from '../../test/hook-rig.js';
import { SETTLE, settlementOf } from '../store/settle-deliveries.js';

let rig: HookRig;
beforeAll(async () => {
  rig = await HookRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

describe('a receiver that hangs', () => {
  it('holds eight tries and nobody else', async () => {
    const [hanging, good] = [await rig.receiver(), await rig.receiver()];
    hanging.behaviour = () => undefined;
    const stuck = await rig.tasks(300);
    for (const taskId of stuck) await rig.finish(taskId, hanging.origin);
    rig.dispatcher();
    await until(() => hanging.hooks.length >= 8);
    const others = await rig.tasks(5);
    for (const taskId of others) await rig.finish(taskId, good.origin);
    for (const taskId of others) await rig.settled(taskId, 'delivered');
    expect(hanging.hooks.length).toBe(8);

    hanging.behaviour = (hook) => hook.answer(200);
    for (const hook of hanging.hooks) hook.answer(200);
    for (const taskId of stuck) await rig.settled(taskId, 'delivered');
    expect(hanging.hooks.length).toBe(300);
    expect(hanging.mostAtOnce).toBeLessThanOrEqual(8);
  });

  it('gets one try at a time while it fails', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = (hook) => hook.answer(500);
    const [first, ...more] = await rig.tasks(6);
    rig.dispatcher({ probeMs: 3_600_000 });
    await rig.finish(first ?? '', receiver.origin);
    await until(async () => (await rig.host(receiver.origin))?.failingSince != null);
    for (const taskId of more) await rig.finish(taskId, receiver.origin);
    for (const taskId of more) await until(async () => (await rig.attempts(taskId)).length === 1);
    expect(receiver.mostAtOnce).toBe(1);
  });
});

describe('a receiver that was down', () => {
  it('is probed outside the schedule, and gets all it missed once it answers', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = (hook) => hook.answer(503);
    const taskIds = await rig.tasks(5);
    const [oldest = ''] = taskIds;
    rig.dispatcher({ retrySchedule: [3_600], probeMs: 100, spreadMs: 100 });
    for (const taskId of taskIds) await rig.finish(taskId, receiver.origin);
    await until(async () => (await rig.attempts(oldest)).length >= 3);
    const [first, ...probes] = await rig.attempts(oldest);
    expect(first).toMatchObject({ attempt: 1, class: 'status_5xx' });
    expect(probes.map(({ attempt }) => attempt)).toEqual(probes.map(() => 0));
    const row = await rig.row(oldest);
    expect(row).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(Number(row.retryAt) - Number(row.createdAt)).toBeGreaterThan(3_000_000);
    await until(async () =>
      (await Promise.all(taskIds.map((id) => rig.attempts(id)))).every(({ length }) => length > 0),
    );

    receiver.behaviour = (hook) => hook.answer(200);
    for (const taskId of taskIds) await rig.settled(taskId, 'delivered');
    const host = await rig.host(receiver.origin);
    expect(host).toMatchObject({ failures: 0, failingSince: null, probeAt: null, lastError: 'status_5xx' });
    expect(host?.lastOkAt).not.toBeNull();
  });

  it('is not probed again while nothing waits for it', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = (hook) => hook.answer(500);
    rig.dispatcher({ retrySchedule: [], probeMs: 1 });
    const taskId = await rig.task();
    await rig.finish(taskId, receiver.origin);
    await rig.settled(taskId, 'dead');
    await until(async () => (await rig.host(receiver.origin))?.probeAt === null);
    expect((await rig.host(receiver.origin))?.failingSince).not.toBeNull();

    receiver.behaviour = (hook) => hook.answer(200);
    const next = await rig.task();
    await rig.enqueue({ taskId: next, seq: 1, url: receiver.origin });
    await rig.settled(next, 'delivered');
  });

  it('that failed for a moment only leaves the schedule as it is', async () => {
    const receiver = await rig.receiver();
    receiver.behaviour = (hook) => hook.answer(hook.path === '/bad' ? 400 : 200);
    rig.dispatcher({ retrySchedule: [3_600], probeMs: 600_000 });
    const [bad = '', good = ''] = await rig.tasks(2);
    await rig.finish(bad, `${receiver.origin}/bad`);
    await until(async () => (await rig.attempts(bad)).length === 1);
    await rig.finish(good, `${receiver.origin}/good`);
    await rig.settled(good, 'delivered');
    const row = await rig.row(bad);
    expect(row.nextAt).toEqual(row.retryAt);
    expect(await rig.host(receiver.origin)).toMatchObject({ failures: 0, failingSince: null });
  });

  it('gets a long backlog in parts, none of it forgotten', async () => {
    const url = 'http://127.0.0.1:9/';
    const [first = '', second = ''] = await rig.tasks(2);
    await rig.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, status, base_url)
       select n, $1, 'IMAGINE', 'FAST', 'MID_JOURNEY', 'SUBMITTED', '' from generate_series(1, 6000) n`,
      [rig.apiKeyId],
    );
    await rig.sql(
      `insert into hook_delivery (task_id, api_key_id, url, host, seq, terminal, payload, attempts, next_at, retry_at)
       select n, $1, $2, '127.0.0.1:9', 1, true, '{}', 4, now() + interval '5 hours', now() + interval '5 hours'
       from generate_series(1, 6000) n`,
      [rig.apiKeyId, url],
    );
    await rig.sql(
      `insert into hook_host (api_key_id, host, failures, failing_since) values ($1, '127.0.0.1:9', 9, now() - interval '1 hour')`,
      [rig.apiKeyId],
    );
    const far = async (): Promise<number> => {
      const text = `select count(*)::int as n from hook_delivery where next_at > now() + interval '1 minute'`;
      return (await rig.sql<{ n: number }>(text))[0]?.n ?? -1;
    };
    const succeed = async (taskId: string): Promise<void> => {
      await rig.finish(taskId, url);
      const claims = await rig.claim(1);
      expect(claims.map((claim) => claim.taskId)).toEqual([taskId]);
      const verdict = { kind: 'delivered', class: 'delivered', status: 200 } as const;
      const settlements = claims.map((claim) => settlementOf(claim, { verdict, ms: 1, head: Buffer.alloc(0) }, null));
      await rig.database.run(SETTLE, {
        settlements: JSON.stringify(settlements),
        paceMs: 500,
        probeMs: 30_000,
        spreadMs: 30_000,
      });
    };
    await succeed(first);
    expect(await far()).toBe(1_000);
    expect((await rig.host(url))?.failingSince).not.toBeNull();
    // The rows brought on are due within 30 s: they must not be what is claimed next.
    await rig.sql(
      `update hook_delivery set next_at = now() + interval '20 seconds' where next_at < now() + interval '1 minute'`,
    );
    await succeed(second);
    expect(await far()).toBe(0);
    expect(await rig.host(url)).toMatchObject({ failures: 0, failingSince: null, probeAt: null });
  });
});
