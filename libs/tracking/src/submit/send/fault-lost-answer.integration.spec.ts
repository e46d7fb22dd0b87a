import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Database, DatabaseUnavailableError } from '#libs/database';
import type { Candidate } from '#libs/upstream';
import { ToxicProxy } from '../../../../../test/support/toxic-proxy.js';
import { aNewTask } from '../../../test/a-task.js';
import { FakeUpstream } from '../../../test/fake-upstream.js';
import { startReplica, type Replica } from '../../../test/replica.js';
import { COMMAND, TrackingRig } from '../../../test/tracking-rig.js';
import type { Submission } from '../submissions.js';
import type { Task } from '../../task/task.entity.js';

/**
 * Postgres has committed, and its answer is lost. The replica must neither repeat the work nor forget it. `rig`
 * bypasses the broken link, and `rig.reset` audits slots, counts and credits.
 */
let rig: TrackingRig;
let proxy: ToxicProxy;
let database: Database;
let fake: FakeUpstream;
let replica: Replica;
let up: Candidate;
let apiKeyId: string;
beforeAll(async () => {
  Logger.overrideLogger(false);
  rig = await TrackingRig.open();
  proxy = await ToxicProxy.start(rig.url);
  database = new Database({ url: proxy.url, connections: { http: 3, work: 3 }, statementTimeoutMs: 5_000 });
  await database.start();
});
beforeEach(async () => {
  fake = new FakeUpstream();
  apiKeyId = await rig.key({ balance: 10 });
  up = await rig.addUpstream(5);
  replica = await startReplica(database, fake);
});
afterEach(async () => {
  proxy.heal();
  await replica.stop();
  await rig.reset();
});
afterAll(async () => {
  await database.close();
  await proxy.close();
  await rig.close();
});

function submit(idempotencyKey: string | null = null): Promise<Submission> {
  const idempotency = idempotencyKey === null ? null : { route: 'r', key: idempotencyKey, print: 'p' };
  return replica.submissions.submit({
    newTask: aNewTask({ apiKeyId, idempotency, notifyHook: 'https://client.test/h' }),
    command: COMMAND,
    answerOf: ({ kind }) => ({ kind }),
  });
}

async function only(): Promise<Task> {
  const rows = await rig.rows();
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new Error(`${rows.length} tasks`);
  return row;
}

/** Runs two look-ups in a list without the task, as far apart as the gap requires. */
async function lookTwice(): Promise<void> {
  fake.recent = { reachesBackTo: -Infinity, snapshots: [] };
  for (const ms of [40_000, 31_000]) {
    await rig.passTime(ms);
    await replica.reconciler.reconcile();
  }
}

describe('the answer to an open that is lost', () => {
  it('sends nothing, and the orphaned row ends refunded', async () => {
    proxy.loseAnswerTo('task_open');
    await expect(submit()).rejects.toBeInstanceOf(DatabaseUnavailableError);
    expect(proxy.lost).toBeGreaterThan(0);
    expect(await only()).toMatchObject({ status: 'NOT_START', hasSlot: true });
    await lookTwice();
    expect(await only()).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', hasSlot: false });
    expect(await rig.balance(apiKeyId)).toBe(10);
    expect(fake.submits).toEqual([]);
  });

  it('and is asked for again with its Idempotency-Key is a replay, not a second task', async () => {
    proxy.loseAnswerTo('task_open');
    await expect(submit('again')).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await expect(submit('again')).resolves.toEqual({ kind: 'replay' });
    await lookTwice();
    expect(await only()).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown' });
    expect(fake.submits).toEqual([]);
  });

  it('of one of several in a batch loses none of the later ones', async () => {
    proxy.loseAnswerTo('task_open');
    const first = [1, 2].map(() => submit());
    await nextTurn();
    const results = await Promise.allSettled([...first, ...[3, 4].map(() => submit())]);
    const sent = results.filter(({ status }) => status === 'fulfilled').length;
    expect(fake.submits).toHaveLength(sent);
    expect(await rig.count("task where status = 'SUBMITTED'")).toBe(sent);
    expect(sent).toBeGreaterThan(0);
    await lookTwice();
    expect(await rig.count("task where fail_code = 'outcome_unknown'")).toBe((await rig.count('task')) - sent);
  });
});

describe('the answer to a settle that is lost', () => {
  it('is recovered: one send, one acceptance, and the client has its id', async () => {
    proxy.loseAnswerTo('task_settle');
    expect(await submit()).toMatchObject({ kind: 'sent', task: { status: 'SUBMITTED', upstreamTaskId: 'up-1' } });
    const task = await only();
    expect(await rig.kinds(task.id)).toEqual(['opened', 'accepted']);
    expect(fake.submits).toHaveLength(1);
  });

  it('of a refusal refunds once', async () => {
    fake.answer = () => ({ kind: 'refused', code: 9, words: 'no' });
    proxy.loseAnswerTo('task_settle');
    expect(await submit()).toMatchObject({ kind: 'sent', outcome: { kind: 'refused' } });
    expect(await rig.count("ledger where kind = 'refund'")).toBe(1);
    expect(await rig.balance(apiKeyId)).toBe(10);
  });

  it('again and again leads to no second send, because the first save stands', async () => {
    proxy.loseAnswerTo('task_settle', 5);
    expect(await submit()).toMatchObject({ kind: 'sent', outcome: { kind: 'accepted' } });
    const task = await only();
    expect(task).toMatchObject({ status: 'SUBMITTED', upstreamTaskId: 'up-1' });
    expect(await rig.kinds(task.id)).toEqual(['opened', 'accepted']);
    expect(fake.submits).toHaveLength(1);
  });

  it('or a settle that never arrived: the task is found by its correlation id', async () => {
    fake.answer = ({ state }) => {
      proxy.down();
      fake.recent = { reachesBackTo: -Infinity, snapshots: [] };
      fake.show('up-1', { state });
      fake.recent.snapshots.push(...fake.shown.values());
      return { kind: 'accepted', upstreamTaskIds: ['up-1'] };
    };
    const submission = await submit();
    expect(submission).toMatchObject({ kind: 'sent', outcome: { kind: 'accepted' } });
    expect(await only()).toMatchObject({ status: 'NOT_START', upstreamTaskId: null });
    // The process that knows the outcome is gone.
    replica.sender.onModuleDestroy();
    proxy.heal();
    await rig.passTime(40_000);
    await replica.reconciler.reconcile();
    expect(await only()).toMatchObject({ status: 'IN_PROGRESS', upstreamTaskId: 'up-1' });
    expect(fake.submits).toHaveLength(1);
  });
});

describe('an acceptance that could not be saved while its client waited', () => {
  it('is saved once Postgres is back, because this upstream has no list to search', async () => {
    fake.answer = () => {
      proxy.down();
      return { kind: 'accepted', upstreamTaskIds: ['up-1'] };
    };
    expect(await submit('mine')).toMatchObject({ kind: 'sent', outcome: { kind: 'accepted' } });
    expect(await only()).toMatchObject({ status: 'NOT_START', upstreamTaskId: null });
    proxy.heal();
    while ((await only()).upstreamTaskId === null) await sleep(50);
    const task = await only();
    expect(task).toMatchObject({ status: 'SUBMITTED', upstreamTaskId: 'up-1', answer: { kind: 'accepted' } });
    expect(await rig.kinds(task.id)).toEqual(['opened', 'accepted']);
    expect(fake.submits).toHaveLength(1);
  });
});

describe('the answer to a claim that is lost', () => {
  const target = (): NonNullable<ReturnType<Replica['upstreams']['find']>> => {
    const found = replica.upstreams.find(up.id);
    if (found === null) throw new Error('no upstream');
    return found;
  };

  it('of polls ends with its lease', async () => {
    await submit();
    fake.show('up-1', { status: 'SUCCESS' });
    await rig.passTime(10_000);
    proxy.loseAnswerTo('task_claim_due');
    await expect(replica.sync.syncDue(target())).rejects.toBeInstanceOf(DatabaseUnavailableError);
    expect(await replica.sync.syncDue(target())).toBe(0);
    await rig.passTime(31_000);
    expect(await replica.sync.syncDue(target())).toBe(1);
    expect(await only()).toMatchObject({ status: 'SUCCESS' });
  });

  it('of waiting tasks sends none of them, and each ends, refunded', async () => {
    fake.answer = () => ({ kind: 'full' });
    expect(await submit()).toMatchObject({ kind: 'waiting' });
    await rig.sql('update task set wait_until = null');
    proxy.loseAnswerTo('task_dispatch');
    await expect(replica.dispatcher.dispatch()).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await replica.dispatcher.dispatch();
    expect(await only()).toMatchObject({ waiting: false, sendAttempt: 2 });
    await lookTwice();
    expect(await only()).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', hasSlot: false });
    expect(await rig.balance(apiKeyId)).toBe(10);
    // The only send is the first one, which found the upstream full.
    expect(fake.submits).toHaveLength(1);
  });

  it('of the end of a task leaves one end, one refund and one hook', async () => {
    await submit();
    fake.show('up-1', { status: 'FAILURE', failReason: 'it broke' });
    await rig.passTime(10_000);
    proxy.loseAnswerTo('task_save');
    await expect(replica.sync.syncDue(target())).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await rig.passTime(31_000);
    expect(await replica.sync.syncDue(target())).toBe(0);
    const task = await only();
    expect(task).toMatchObject({ status: 'FAILURE' });
    expect((await rig.kinds(task.id)).filter((kind) => kind === 'failed')).toHaveLength(1);
    expect(await rig.count("ledger where kind = 'refund'")).toBe(1);
    expect(await rig.count('hook_delivery where terminal')).toBe(1);
  });
});
