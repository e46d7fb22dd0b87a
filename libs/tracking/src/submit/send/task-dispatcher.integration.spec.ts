import { Logger } from '@nestjs/common';
import { OUTCOMES } from '../../../test/an-event.js';
import { OPTIONS } from '../../../test/replica.js';
import { COMMAND } from '../../../test/tracking-rig.js';
import { useTracking } from '../../../test/use-tracking.js';
import type { Task } from '../../task/task.entity.js';

const HOOK = 'https://client.test/hook';

const t = useTracking({ slots: 2, balance: 10 });
const { rig } = t;
beforeAll(() => {
  Logger.overrideLogger(false);
});

/** Opens a task that waits because no upstream is usable. */
async function waiting(): Promise<Task> {
  const opened = await t.replica.opener.open(rig.request([], { apiKeyId: t.apiKeyId, notifyHook: HOOK }));
  if (opened.kind !== 'waiting') throw new Error(opened.kind);
  return opened.task;
}

/** Dispatches, and waits for the sends. */
async function dispatch(): Promise<void> {
  await t.replica.dispatcher.dispatch();
  await t.replica.scheduler.beforeApplicationShutdown();
  t.replica = await rig.replica({}, t.fake);
}

describe('a task that has waited', () => {
  it('is sent with its command, and its input is deleted', async () => {
    const task = await waiting();
    await dispatch();
    expect(t.fake.submits).toMatchObject([{ upstreamId: t.up.id, command: COMMAND }]);
    expect(await rig.row(task.id)).toMatchObject({ status: 'SUBMITTED', hasSlot: true, waiting: false });
    expect(await rig.kinds(task.id)).toEqual(['opened', 'dispatched', 'accepted']);
    expect(await rig.count('task_input')).toBe(0);
    expect(await rig.balance(t.apiKeyId)).toBe(9.9);
  });

  it('keeps waiting with its input when the upstream turns out to be full', async () => {
    const task = await waiting();
    t.fake.answer = () => OUTCOMES.full;
    await dispatch();
    expect(await rig.row(task.id)).toMatchObject({ waiting: true, sendAttempt: 1, upstreamId: null });
    await dispatch();
    expect(t.fake.submits).toHaveLength(1);
    t.fake.answer = () => OUTCOMES.accepted;
    await rig.passTime(3_000);
    await dispatch();
    expect(t.fake.submits[1]?.command).toEqual(COMMAND);
    expect(await rig.row(task.id)).toMatchObject({ status: 'SUBMITTED', sendAttempt: 2 });
  });

  it.each(['refused', 'banned'] as const)('is a visible failure when it is %s', async (kind) => {
    const task = await waiting();
    t.fake.answer = () => OUTCOMES[kind];
    await dispatch();
    const row = await t.replica.tasks.find(task.id, t.apiKeyId);
    expect(row).toMatchObject({ status: 'FAILURE', failCode: kind, cost: '0.000000' });
    expect(await rig.sql('select task_id, terminal from hook_delivery')).toEqual([
      { task_id: task.id, terminal: true },
    ]);
    expect(await rig.balance(t.apiKeyId)).toBe(10);
  });

  it('fails when its input is lost or broken, and nothing is sent', async () => {
    const [lost, broken] = [await waiting(), await waiting()];
    await rig.sql('delete from task_input where task_id = $1', [lost.id]);
    await rig.sql(`update task_input set body = 'no json' where task_id = $1`, [broken.id]);
    await dispatch();
    for (const { id } of [lost, broken])
      expect(await rig.row(id)).toMatchObject({ status: 'FAILURE', failCode: 'input_unavailable', hasSlot: false });
    expect(t.fake.submits).toEqual([]);
    expect(await rig.balance(t.apiKeyId)).toBe(10);
    expect(await rig.count('task_input')).toBe(0);
  });

  it('fails after the queue timeout, refunded, and no earlier', async () => {
    await rig.sql('update upstream set enabled = false');
    t.replica = await rig.replica({}, t.fake);
    const task = await waiting();
    await rig.passTime(OPTIONS.queueTimeoutMs - 60_000);
    await t.replica.dispatcher.endOverdue();
    expect((await rig.row(task.id)).waiting).toBe(true);
    await rig.passTime(60_000);
    await t.replica.dispatcher.endOverdue();
    expect(await rig.row(task.id)).toMatchObject({ status: 'FAILURE', failCode: 'queue_timeout', waiting: false });
    expect(await rig.count('task_input')).toBe(0);
    expect(await rig.balance(t.apiKeyId)).toBe(10);
  });
});

describe('an upstream that cannot be used', () => {
  it.each([
    ['disabled', 'enabled = false'],
    ['behind an open circuit', "circuit_until = now() + interval '1 minute'"],
  ])('gets no task: %s', async (_, set) => {
    const task = await waiting();
    await rig.sql(`update upstream set ${set}`);
    t.replica = await rig.replica({}, t.fake);
    await dispatch();
    expect(t.fake.submits).toEqual([]);
    expect((await rig.row(task.id)).waiting).toBe(true);
  });
});

describe('several upstreams', () => {
  const sentTo = async (): Promise<Record<string, number>> => {
    const rows = await rig.sql<{ upstream_id: string; n: number }>(
      'select upstream_id, count(*)::int as n from task where not waiting group by 1',
    );
    return Object.fromEntries(rows.map(({ upstream_id: id, n }) => [id, n]));
  };

  it('are filled by priority, whatever their ids', async () => {
    const high = await rig.addUpstream(3, { priority: 5 });
    t.replica = await rig.replica({}, t.fake);
    for (let at = 0; at < 4; at += 1) await waiting();
    await dispatch();
    expect(await sentTo()).toEqual({ [high.id]: 3, [t.up.id]: 1 });
  });

  it('share tasks by weight', async () => {
    const heavy = await rig.addUpstream(50, { weight: 3 });
    await rig.sql('update upstream_load set max_concurrent = 50');
    t.replica = await rig.replica({}, t.fake);
    for (let at = 0; at < 16; at += 1) await waiting();
    await dispatch();
    const { [heavy.id]: much = 0, [t.up.id]: little = 0 } = await sentTo();
    expect(much + little).toBe(16);
    expect(Math.abs(much - 12)).toBeLessThanOrEqual(1);
  });

  it('get the tasks that they support, even if one of higher priority supports none of them', async () => {
    const choosy = await rig.addUpstream(50, { priority: 9 });
    await rig.sql(`update upstream set modes = '{RELAX}' where id = $1`, [choosy.id]);
    t.replica = await rig.replica({}, t.fake);
    await waiting();
    await dispatch();
    expect(await sentTo()).toEqual({ [t.up.id]: 1 });
  });

  it('are tried in turn when one turns out to be full', async () => {
    const full = await rig.addUpstream(5, { priority: 9 });
    t.replica = await rig.replica({}, t.fake);
    const task = await waiting();
    t.fake.answer = (_, { id }) => (id === full.id ? OUTCOMES.full : OUTCOMES.accepted);
    await dispatch();
    expect(await rig.row(task.id)).toMatchObject({ status: 'SUBMITTED', upstreamId: t.up.id });
    expect(await rig.kinds(task.id)).toEqual(['opened', 'dispatched', 'moved', 'accepted']);
    expect(await rig.count('task_input')).toBe(0);
  });

  it('cost a single statement when nothing waits', async () => {
    const run = jest.spyOn(rig.database, 'run');
    await t.replica.dispatcher.dispatch();
    expect(run.mock.calls.map(([{ name }]) => name)).toEqual(['task_waiting_rooms']);
    run.mockRestore();
  });
});

describe('two dispatchers', () => {
  it('send no task twice', async () => {
    const other = await rig.replica({}, t.fake);
    await rig.sql('update upstream_load set max_concurrent = 50');
    for (let at = 0; at < 30; at += 1) await waiting();
    await Promise.all([t.replica, other, t.replica, other].map(({ dispatcher }) => dispatcher.dispatch()));
    await Promise.all([t.replica, other].map(({ scheduler }) => scheduler.beforeApplicationShutdown()));
    const correlationIds = t.fake.submits.map(({ context }) => context.state);
    expect(correlationIds.length).toBeGreaterThan(15);
    expect(new Set(correlationIds).size).toBe(correlationIds.length);
    expect(await rig.count("task where status = 'SUBMITTED'")).toBe(correlationIds.length);
  });
});
