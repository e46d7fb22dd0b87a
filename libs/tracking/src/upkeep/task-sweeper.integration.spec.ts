import { Logger } from '@nestjs/common';
import { TICK_MS } from '#libs/runtime';
import type { Candidate } from '#libs/upstream';
import { aFinishedTask } from '../../test/a-task.js';
import { OUTCOMES, settled } from '../../test/an-event.js';
import type { Replica } from '../../test/replica.js';
import { useRig } from '../../test/use-tracking.js';
import type { Task } from '../task/task.entity.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const IDEMPOTENCY = { route: '/mj/submit/imagine', key: 'k-1', print: 'p' };

const rig = useRig();
let replica: Replica;
let up: Candidate;
let apiKeyId: string;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  apiKeyId = await rig.key({ balance: 100 });
  up = await rig.addUpstream(200);
  replica = await rig.replica();
});

describe('Idempotency-Keys', () => {
  async function keyed(key: string): Promise<Task> {
    const request = rig.request([up], { apiKeyId, idempotency: { ...IDEMPOTENCY, key } });
    const opened = await replica.opener.open(request);
    if (opened.kind !== 'opened') throw new Error(opened.kind);
    const change = opened.task.on(
      settled({ kind: 'accepted', upstreamTaskIds: [`up-${opened.task.id}`] }),
      rig.database.now(),
    );
    if (change !== null) await replica.tasks.settle(change, { code: 1 }, null);
    return opened.task;
  }

  it('are forgotten with their answers after 24 h, not before', async () => {
    const old = await keyed('k-1');
    await rig.passTime(DAY_MS - MINUTE_MS);
    await replica.sweeper.sweep();
    expect(await rig.row(old.id)).toMatchObject({ idemKey: 'k-1', idemPrint: 'p', answer: { code: 1 } });
    await rig.passTime(2 * MINUTE_MS);
    const young = await keyed('k-2');
    const { version } = await rig.row(old.id);
    await replica.sweeper.sweep();
    expect(await rig.row(old.id)).toMatchObject({
      idemKey: null,
      idemRoute: null,
      idemPrint: null,
      answer: null,
      status: 'SUBMITTED',
      version,
    });
    expect(await rig.row(young.id)).toMatchObject({ idemKey: 'k-2', answer: { code: 1 } });
    // The same key opens a new task.
    expect((await keyed('k-1')).id).not.toBe(old.id);
  });

  it('are all forgotten in one sweep, in batches', async () => {
    const submittedAt = new Date(rig.database.now().getTime() - 2 * DAY_MS);
    const first = aFinishedTask('SUCCESS', {
      apiKeyId,
      upstreamId: up.id,
      price: '0',
      cost: '0',
      submittedAt,
      startedAt: submittedAt,
      finishedAt: submittedAt,
      idemRoute: IDEMPOTENCY.route,
      idemKey: 'k',
      idemPrint: 'p',
    });
    await rig.store(first);
    await rig.sql(
      `insert into task select made.* from task t, generate_series(1, 2000) n,
          jsonb_populate_record(t, jsonb_build_object(
            'id', t.id + n, 'upstream_task_id', 'old-' || n, 'idem_key', 'k-' || n)) made
        where t.id = $1`,
      [first.id],
    );
    expect(await rig.count('task where idem_key is not null')).toBe(2_001);
    const batches = jest.spyOn(replica.due, 'forgetKeys');
    await replica.sweeper.sweep();
    expect(await rig.count('task where idem_key is not null')).toBe(0);
    expect(batches).toHaveBeenCalledTimes(3);
  });
});

describe('modals', () => {
  async function openedModal(upstreamTaskId: string, notifyHook: string | null = null): Promise<Task> {
    const opened = await replica.opener.open(rig.request([up], { apiKeyId, notifyHook }));
    if (opened.kind !== 'opened') throw new Error(opened.kind);
    const change = opened.task.on(settled({ ...OUTCOMES.window, upstreamTaskId }), rig.database.now());
    if (change !== null) await replica.tasks.settle(change, null, null);
    return opened.task;
  }

  it('that stay unconfirmed for 24 h are cancelled, free of charge, with a hook', async () => {
    const old = await openedModal('w-1', 'https://receiver.test/hook');
    await rig.passTime(DAY_MS + MINUTE_MS);
    const young = await openedModal('w-2');
    await replica.sweeper.sweep();
    expect(await rig.row(old.id)).toMatchObject({
      status: 'CANCEL',
      progress: 100,
      failCode: 'cancelled',
      failReason: '',
      cost: '0.000000',
    });
    expect((await rig.timeline(old.id)).slice(-2)).toMatchObject([
      { kind: 'window_expired', source: 'clock' },
      { kind: 'cancelled', source: 'clock', status: 'CANCEL' },
    ]);
    const [told] = await rig.sql<{ terminal: boolean; payload: string }>('select terminal, payload from hook_delivery');
    expect(told?.terminal).toBe(true);
    expect(JSON.parse(told?.payload ?? '')).toMatchObject({ id: old.id, status: 'CANCEL' });
    expect(await rig.row(young.id)).toMatchObject({ status: 'MODAL' });
    expect(await rig.balance(apiKeyId)).toBe(100);
  });

  it('that are being confirmed are left alone', async () => {
    const task = await openedModal('w-1');
    await rig.passTime(DAY_MS + MINUTE_MS);
    const overdue = replica.due.overdueModals.bind(replica.due);
    jest.spyOn(replica.due, 'overdueModals').mockImplementationOnce(async (longestMs, limit) => {
      const found = await overdue(longestMs, limit);
      await rig.sql(
        `update task set status = 'SUBMITTED', confirmed_at = now(), started_at = now(), version = version + 1 where id = $1`,
        [task.id],
      );
      return found;
    });
    await replica.sweeper.sweep();
    expect(await rig.row(task.id)).toMatchObject({ status: 'SUBMITTED', finishedAt: null });
  });

  it('end once, whichever replica sweeps first', async () => {
    const task = await openedModal('w-1');
    await rig.passTime(DAY_MS + MINUTE_MS);
    const other = await rig.replica();
    await Promise.all([replica.sweeper.sweep(), other.sweeper.sweep()]);
    expect((await rig.kinds(task.id)).filter((kind) => kind === 'cancelled')).toHaveLength(1);
  });
});

describe('the sweep job', () => {
  it('runs on workers only, and no more after shutdown began', async () => {
    const api = await rig.replica({ runsWork: false });
    const sweeps = [api, replica].map(({ sweeper }) => jest.spyOn(sweeper, 'sweep'));
    const minute = async (): Promise<void> => {
      for (let ms = 0; ms < MINUTE_MS; ms += TICK_MS)
        for (const { scheduler } of [api, replica]) await scheduler.tick();
    };
    await minute();
    for (const { scheduler } of [api, replica]) scheduler.onModuleDestroy();
    await Promise.all([api, replica].map(({ scheduler }) => scheduler.beforeApplicationShutdown()));
    await minute();
    expect(sweeps.map((sweep) => sweep.mock.calls.length)).toEqual([0, 1]);
  });
});

describe('a task whose upstream never answers again', () => {
  it('ends in timeout, refunded, a day after its deadline; one with answers does not', async () => {
    const [silent, heard] = await rig.accepted(2, up, { apiKeyId });
    if (silent === undefined || heard === undefined) throw new Error('not accepted');
    await rig.sql("update task set deadline_at = now() - interval '23 hours', polled_at = null where id = $1", [
      silent.id,
    ]);
    await replica.sweeper.sweep();
    expect((await rig.row(silent.id)).status).toBe('SUBMITTED');
    await rig.sql("update task set deadline_at = now() - interval '25 hours'");
    await rig.sql('update task set polled_at = now() where id = $1', [heard.id]);
    await replica.sweeper.sweep();
    expect(await rig.row(silent.id)).toMatchObject({ status: 'FAILURE', failCode: 'timeout', cost: '0.000000' });
    expect((await rig.row(heard.id)).status).toBe('SUBMITTED');
  });
});

describe('the poll schedule', () => {
  it('is repaired: a task without a poll, and a poll that no task needs', async () => {
    const [lost, over, fine] = await rig.accepted(3, up, { apiKeyId });
    await rig.passTime(MINUTE_MS);
    await rig.sql('delete from task_poll where task_id = $1', [lost?.id]);
    await rig.sql('update task set next_poll_at = null where id = $1', [over?.id]);
    await replica.sweeper.sweep();
    const rows = await rig.sql<{ task_id: string; upstream_id: string }>('select * from task_poll order by task_id');
    expect(rows.map(({ task_id: id }) => id)).toEqual([lost?.id, fine?.id].sort());
    expect(new Set(rows.map(({ upstream_id: id }) => id))).toEqual(new Set([up.id]));
    expect((await replica.due.claimDue(up.id, 10, MINUTE_MS)).map(({ id }) => id).sort()).toEqual(
      [lost?.id, fine?.id].sort(),
    );
    await rig.sql('update task set next_poll_at = now() where id = $1', [over?.id]);
    await replica.sweeper.sweep();
  });
});
