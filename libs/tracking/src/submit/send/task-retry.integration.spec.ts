import { Logger } from '@nestjs/common';
import type { Outcome } from '#libs/upstream';
import { aSnapshot } from '../../../test/a-snapshot.js';
import { aNewTask } from '../../../test/a-task.js';
import { OUTCOMES } from '../../../test/an-event.js';
import { COMMAND } from '../../../test/tracking-rig.js';
import { useTracking } from '../../../test/use-tracking.js';
import { MAX_INPUT_BYTES } from '../../store/fragments/queue-limit.js';
import type { NewTask } from '../../task/new-task.js';
import { correlationIdOf } from '../../task/correlation-id.js';
import type { Task } from '../../task/task.entity.js';

const PAUSE_MS = 5_000;

const t = useTracking({ slots: 10, balance: 100, maxConcurrent: 10 });
const { rig } = t;
beforeAll(() => {
  Logger.overrideLogger(false);
});

async function submit(newTask: Partial<NewTask> = {}): Promise<Task> {
  const submission = await t.replica.submissions.submit({
    newTask: aNewTask({ apiKeyId: t.apiKeyId, retries: 2, notifyHook: 'https://hooks.test/a', ...newTask }),
    command: COMMAND,
    answerOf: () => null,
  });
  if (submission.kind !== 'sent') throw new Error(submission.kind);
  return submission.task;
}

/** Runs the next poll of every polled task. */
async function poll(): Promise<void> {
  await rig.sql('update task_poll set due_at = now()');
  for (const target of t.replica.upstreams.all()) await t.replica.sync.syncDue(target);
}

async function dispatch(): Promise<void> {
  await rig.passTime(PAUSE_MS);
  await t.replica.dispatcher.dispatch();
  await t.replica.scheduler.beforeApplicationShutdown();
}

const FAILED = { status: 'FAILURE', failReason: 'it broke' } as const;

describe('a task that fails and may be retried', () => {
  it('keeps its id, is charged once, and sends one final hook', async () => {
    const { id } = await submit();
    t.fake.show('up-1', { status: 'IN_PROGRESS', progress: 45 });
    await poll();
    t.fake.show('up-1', FAILED);
    await poll();
    expect(await rig.row(id)).toMatchObject({ status: 'IN_PROGRESS', progress: 45, waiting: true, retriesLeft: 1 });
    expect(await rig.running(t.up.id)).toBe(0);
    await dispatch();
    expect(await rig.row(id)).toMatchObject({ status: 'IN_PROGRESS', upstreamTaskId: 'up-2', hasSlot: true });
    t.fake.show('up-2', { status: 'SUCCESS', imageUrl: 'https://up.test/a.png' });
    await poll();
    expect(await rig.row(id)).toMatchObject({ status: 'SUCCESS', cost: '0.100000' });
    expect(await rig.kinds(id)).toEqual([
      'opened',
      'accepted',
      'progress',
      'retry',
      'dispatched',
      'accepted',
      'succeeded',
    ]);
    expect(await rig.balance(t.apiKeyId)).toBe(99.9);
    expect(await rig.count("ledger where kind = 'hold'")).toBe(1);
    expect(await rig.count('hook_delivery where terminal')).toBe(1);
    expect(await rig.count('task_input')).toBe(0);
  });

  it('is sent with the same command', async () => {
    await submit();
    t.fake.show('up-1', FAILED);
    await poll();
    await dispatch();
    const [first, second] = t.fake.submits;
    expect(second?.command).toEqual(first?.command);
  });

  it('ends in FAILURE, refunded, when its retries are used up', async () => {
    const { id } = await submit();
    for (let n = 1; n <= 3; n += 1) {
      expect((await rig.row(id)).status).not.toBe('FAILURE');
      t.fake.show(`up-${n}`, FAILED);
      await poll();
      await dispatch();
    }
    expect(t.fake.submits).toHaveLength(3);
    expect(await rig.row(id)).toMatchObject({ status: 'FAILURE', failCode: 'upstream_failed', failReason: 'it broke' });
    expect(await rig.balance(t.apiKeyId)).toBe(100);
    expect(await rig.count('past_send')).toBe(2);
  });

  it('prefers another upstream, and takes the same one if there is no other', async () => {
    const other = await rig.addUpstream(10, { priority: -5 });
    await t.replica.upstreams.refresh();
    const { id } = await submit();
    expect((await rig.row(id)).upstreamId).toBe(t.up.id);
    t.fake.show('up-1', FAILED);
    await poll();
    await dispatch();
    expect(await rig.row(id)).toMatchObject({ upstreamId: other.id, upstreamTaskId: 'up-2' });

    await rig.sql('update upstream set enabled = false where id = $1', [t.up.id]);
    await t.replica.upstreams.refresh();
    t.fake.show('up-2', FAILED);
    await poll();
    await dispatch();
    expect(await rig.row(id)).toMatchObject({ upstreamId: other.id, upstreamTaskId: 'up-3' });
  });

  it('is reserved for another, full upstream for half a minute', async () => {
    const { id } = await submit();
    const full = await rig.addUpstream(1, { priority: 5 });
    await rig.accepted(1, full, { apiKeyId: t.apiKeyId }, 'other');
    await t.replica.upstreams.refresh();
    t.fake.show('up-1', FAILED);
    await poll();
    await dispatch();
    expect(await rig.row(id)).toMatchObject({ waiting: true });
    await rig.passTime(30_000);
    await dispatch();
    expect(await rig.row(id)).toMatchObject({ upstreamId: t.up.id, upstreamTaskId: 'up-2' });
  });

  it('is not confused with its failed attempt, which has the same correlation id', async () => {
    await rig.sql('update upstream set echoes_state = true');
    await t.replica.upstreams.refresh();
    const { id } = await submit();
    t.fake.show('up-1', FAILED);
    await poll();
    t.fake.answer = () => OUTCOMES.unknown;
    await dispatch();
    t.fake.recent = {
      reachesBackTo: 0,
      snapshots: [aSnapshot({ upstreamTaskId: 'up-1', state: correlationIdOf(id), ...FAILED, submitTime: Date.now() })],
    };
    await rig.passTime(40_000);
    await t.replica.reconciler.reconcile();
    expect(await rig.row(id)).toMatchObject({ upstreamTaskId: null, lookUpNoes: 1 });
    t.fake.recent.snapshots.unshift(
      aSnapshot({ upstreamTaskId: 'up-2', state: correlationIdOf(id), status: 'IN_PROGRESS' }),
    );
    await rig.passTime(10_000);
    await t.replica.reconciler.reconcile();
    expect(await rig.row(id)).toMatchObject({ upstreamTaskId: 'up-2', retriesLeft: 1 });
  });

  it('ignores a push about the failed attempt', async () => {
    t.replica = await rig.replica({ publicUrl: 'https://gateway.test' }, t.fake);
    const { id } = await submit();
    t.fake.show('up-1', { ...FAILED, state: correlationIdOf(id) });
    await poll();
    t.fake.answer = () => OUTCOMES.unknown;
    await dispatch();
    const token = t.replica.tokens.urlOf(id)?.split('/').at(-1) ?? '';
    expect(t.replica.push.receive(token, { id: 'up-1' })).toBe(true);
    await t.replica.pushing.beforeApplicationShutdown();
    expect(await rig.row(id)).toMatchObject({ upstreamTaskId: null, status: 'SUBMITTED' });
  });
});

describe('a process that ends in the middle of a retry', () => {
  it('before its answer is saved: the task is found, its input is stored, and it may be retried', async () => {
    const opened = await t.replica.opener.open(rig.request([t.up], { apiKeyId: t.apiKeyId, retries: 1 }));
    if (opened.kind !== 'opened') throw new Error(opened.kind);
    const { id } = opened.task;
    t.fake.recent = {
      reachesBackTo: 0,
      snapshots: [aSnapshot({ upstreamTaskId: 'up-9', state: correlationIdOf(id), status: 'IN_PROGRESS' })],
    };
    await rig.passTime(40_000);
    await t.replica.reconciler.reconcile();
    t.fake.show('up-9', FAILED);
    await poll();
    await dispatch();
    expect(await rig.row(id)).toMatchObject({ status: 'IN_PROGRESS', retriesLeft: 0, sendAttempt: 2 });
    expect(t.fake.submits).toHaveLength(1);
  });

  it('between the retry and its send: another replica sends the task, once', async () => {
    const { id } = await submit();
    t.fake.show('up-1', FAILED);
    await poll();
    const others = [await rig.replica({}, t.fake), await rig.replica({}, t.fake)];
    await rig.passTime(PAUSE_MS);
    await Promise.all(others.map(({ dispatcher }) => dispatcher.dispatch()));
    for (const { scheduler } of others) await scheduler.beforeApplicationShutdown();
    expect(t.fake.submits).toHaveLength(2);
    expect(await rig.row(id)).toMatchObject({ sendAttempt: 2, upstreamTaskId: 'up-2' });
  });
});

describe('no retry is made', () => {
  it('unless the client asked for it: no input is stored, and the failure is final', async () => {
    const { id } = await submit({ retries: 0 });
    expect(await rig.count('task_input')).toBe(0);
    t.fake.show('up-1', FAILED);
    await poll();
    expect(await rig.row(id)).toMatchObject({ status: 'FAILURE', retriesLeft: 0 });
  });

  it('when the input does not fit under the limit of the key', async () => {
    const kept = await submit();
    await rig.sql('update task_input set bytes = $1 where task_id = $2', [MAX_INPUT_BYTES, kept.id]);
    const { id } = await submit();
    expect(await rig.row(id)).toMatchObject({ retries: 2, retriesLeft: 0 });
    expect(await rig.count('task_input')).toBe(1);
  });

  it('of a task of a group', async () => {
    t.fake.answer = (): Outcome => ({ kind: 'accepted', upstreamTaskIds: ['up-a', 'up-b'] });
    const newTask = aNewTask({ apiKeyId: t.apiKeyId, retries: 2, upstreamId: t.up.id });
    const submission = await t.replica.groups.submit({
      newTasks: [newTask, newTask],
      command: COMMAND,
      answerOf: () => null,
    });
    expect(submission).toMatchObject({ kind: 'sent' });
    expect(await rig.count('task where retries_left > 0')).toBe(0);
  });
});
