import { Logger } from '@nestjs/common';
import { DatabaseUnavailableError } from '#libs/database';
import type { Outcome } from '#libs/upstream';
import { until } from '../../../../../test/support/until.js';
import { denied, inconclusive, OUTCOMES, settled } from '../../../test/an-event.js';
import { COMMAND } from '../../../test/tracking-rig.js';
import { useTracking } from '../../../test/use-tracking.js';
import { fromInput } from '../../task/stored-command.js';
import { correlationIdOf } from '../../task/correlation-id.js';
import type { Task } from '../../task/task.entity.js';
import type { Send } from './send-settler.js';

// Stands before the rig, so that it runs before the rig is emptied.
afterEach(() => {
  jest.restoreAllMocks();
});
const t = useTracking({ slots: 5, balance: 10 });
const { rig } = t;
beforeAll(() => {
  Logger.overrideLogger(false);
});

async function opened(): Promise<Task> {
  const result = await t.replica.opener.open(rig.request([t.up], { apiKeyId: t.apiKeyId }));
  if (result.kind !== 'opened') throw new Error(result.kind);
  return result.task;
}

function send(task: Task, overrides: Partial<Send> = {}): Promise<Outcome> {
  return t.replica.sender.send({
    task,
    command: COMMAND,
    mayWait: true,
    source: 'sender',
    answerOf: ({ kind }) => ({ kind }),
    ...overrides,
  });
}

describe('a send', () => {
  it('is made once, with the correlation id, and its answer is stored', async () => {
    const task = await opened();
    expect(await send(task)).toEqual({ kind: 'accepted', upstreamTaskIds: ['up-1'] });
    expect(t.fake.submits).toEqual([
      {
        upstreamId: t.up.id,
        command: COMMAND,
        // The task's id is for the log of calls; the upstream is told the state alone.
        context: { state: correlationIdOf(task.id), pushUrl: null, taskId: task.id, traceparent: undefined },
      },
    ]);
    expect(await rig.row(task.id)).toMatchObject({ status: 'SUBMITTED', answer: { kind: 'accepted' } });
    expect(task).toMatchObject({ status: 'SUBMITTED', upstreamTaskId: 'up-1' });
  });

  it('is settled and followed by a process whose clock is behind', async () => {
    const task = await opened();
    const behind = new Date(task.submittedAt.getTime() - 3_000);
    jest.spyOn(rig.database, 'now').mockReturnValue(behind);
    expect(await send(task)).toMatchObject({ kind: 'accepted' });
    expect((await rig.row(task.id)).status).toBe('SUBMITTED');
    t.fake.show('up-1', { status: 'SUCCESS' });
    const target = t.replica.upstreams.find(t.up.id);
    await rig.passTime(60_000);
    if (target !== null) await t.replica.sync.syncDue(target);
    expect((await rig.row(task.id)).status).toBe('SUCCESS');
  });

  it('that finds the upstream full leaves the task waiting, with its input stored', async () => {
    t.fake.answer = () => OUTCOMES.full;
    const task = await opened();
    await send(task);
    const [input] = await rig.sql<{ body: Buffer }>('select body from task_input');
    expect(fromInput(input?.body ?? Buffer.alloc(0))).toEqual(COMMAND);
    expect(await rig.row(task.id)).toMatchObject({ waiting: true, hasSlot: false });
    expect(await rig.running(t.up.id)).toBe(0);
  });

  it('that is refused hides the task from clients and refunds it', async () => {
    t.fake.answer = () => OUTCOMES.refused;
    const task = await opened();
    await send(task);
    expect(await rig.row(task.id)).toMatchObject({ status: 'FAILURE', refused: true, cost: '0.000000' });
    expect(await t.replica.tasks.find(task.id, t.apiKeyId)).toBeNull();
    expect(await rig.balance(t.apiKeyId)).toBe(10);
  });

  it('to an upstream unknown to this replica leaves the task waiting', async () => {
    const task = await opened();
    jest.spyOn(t.replica.upstreams, 'find').mockReturnValue(null);
    expect(await send(task)).toMatchObject({ kind: 'nothing_done' });
    expect(t.fake.submits).toEqual([]);
    expect(await rig.row(task.id)).toMatchObject({ waiting: true });
  });

  it("past its deadline by the database's time is not made, and reports the outcome in the row", async () => {
    const task = await opened();
    // A suspended machine does not advance its monotonic clock.
    jest.spyOn(rig.database, 'time').mockResolvedValue(new Date(Date.now() + 200_000));
    expect(await send(task)).toEqual({ kind: 'unknown', fault: 'timeout' });
    expect(t.fake.submits).toEqual([]);
    expect((await rig.row(task.id)).lookUpAt).not.toBeNull();
  });

  it("is not made when the database's time cannot be read", async () => {
    const task = await opened();
    jest.spyOn(rig.database, 'time').mockRejectedValue(new DatabaseUnavailableError(new Error('away')));
    expect(await send(task)).toEqual({ kind: 'unknown', fault: 'timeout' });
    expect(t.fake.submits).toEqual([]);
  });

  it('that outlives the shutdown grace period is left to the reconciler', async () => {
    t.fake.answer = () => new Promise(() => undefined);
    const task = await opened();
    const sent = send(task);
    await until('the send', () => (t.fake.submits.length === 1 ? true : null));
    const timer = jest.spyOn(global, 'setTimeout').mockImplementationOnce((leave) => {
      leave();
      return { unref: () => undefined } as unknown as NodeJS.Timeout;
    });
    t.replica.sender.onModuleDestroy();
    timer.mockRestore();
    expect(await sent).toMatchObject({ kind: 'unknown' });
    const row = await rig.row(task.id);
    expect(row).toMatchObject({ status: 'NOT_START', hasSlot: true });
    expect(row.lookUpAt).not.toBeNull();
  });
});

describe('an upstream id that another task has', () => {
  const ANSWERS: Outcome[] = [
    { kind: 'accepted', upstreamTaskIds: ['taken-0'] },
    { kind: 'queued', upstreamTaskIds: ['taken-0'], ahead: 1 },
    { kind: 'exists', upstreamTaskId: 'taken-0' },
  ];

  it.each(ANSWERS)('of the same key makes this task an alias, free of charge ($kind)', async (answer) => {
    const [other] = await rig.accepted(1, t.up, { apiKeyId: t.apiKeyId }, 'taken');
    t.fake.answer = () => answer;
    const task = await opened();
    expect(await send(task)).toEqual({ kind: 'exists', upstreamTaskId: 'taken-0' });
    expect(await rig.row(task.id)).toMatchObject({
      status: 'SUBMITTED',
      aliasOf: other?.id,
      upstreamTaskId: null,
      hasSlot: false,
      cost: '0.000000',
      nextPollAt: null,
      answer: { kind: 'exists' },
    });
    expect(await rig.row(other?.id ?? '')).toEqual(other);
    expect(await rig.balance(t.apiKeyId)).toBe(9.9);
  });

  it.each(ANSWERS)('of another key declines and refunds this task ($kind)', async (answer) => {
    const [other] = await rig.accepted(1, t.up, { apiKeyId: await rig.key({ balance: 10 }) }, 'taken');
    t.fake.answer = () => answer;
    const task = await opened();
    expect(await send(task)).toMatchObject({ kind: 'refused' });
    expect(await rig.row(task.id)).toMatchObject({ status: 'FAILURE', refused: true, upstreamTaskId: null });
    expect(await rig.row(other?.id ?? '')).toEqual(other);
    expect(await rig.balance(t.apiKeyId)).toBe(10);
    expect(t.fake.submits).toHaveLength(1);
  });
});

describe('an answer whose row was changed concurrently', () => {
  /** Answers the submit only after a look-up of the same task has been saved. */
  function answerAfter(
    task: Task,
    event: Parameters<Task['on']>[0],
    agoMs: number,
    answer: Outcome = OUTCOMES.accepted,
  ): void {
    t.fake.answer = async () => {
      await rig.passTime(agoMs);
      const change = (await rig.row(task.id)).on(event, rig.database.now());
      if (change !== null) await t.replica.tasks.save([change]);
      return answer;
    };
  }

  it('is applied on top of a look-up that found nothing', async () => {
    const task = await opened();
    answerAfter(task, denied(new Date()), 40_000);
    await send(task);
    expect(await rig.row(task.id)).toMatchObject({ status: 'SUBMITTED', upstreamTaskId: 'up-1', lookUpNoes: 1 });
    expect(await rig.kinds(task.id)).toEqual(['opened', 'denied', 'accepted']);
    expect(task).toMatchObject({ status: 'SUBMITTED', upstreamTaskId: 'up-1', version: 2 });
  });

  it('about a task that was given up is noted in the timeline and changes nothing else', async () => {
    const task = await opened();
    answerAfter(task, inconclusive(), 200_000);
    await send(task);
    expect(await rig.row(task.id)).toMatchObject({
      ...{ status: 'FAILURE', failCode: 'outcome_unknown', upstreamTaskId: 'up-1', nextPollAt: null, cost: '0.000000' },
    });
    expect((await rig.kinds(task.id)).at(-1)).toBe('late_acceptance');
    expect(await rig.balance(t.apiKeyId)).toBe(10);
    expect(task.status).toBe('FAILURE');
  });

  it.each(['banned', 'refused', 'full', 'window'] as const)(
    'about a task that was given up is not reported to its client (%s)',
    async (kind) => {
      const task = await opened();
      answerAfter(task, inconclusive(), 200_000, OUTCOMES[kind]);
      // The client has the id, under which the task reads as failed.
      expect(await send(task)).toEqual({ kind: 'unknown', fault: 'timeout' });
      expect(await rig.row(task.id)).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', refused: false });
      expect(task).toMatchObject({ status: 'FAILURE', refused: false });
    },
  );

  it('that declines is not reported for a task that a look-up found', async () => {
    const task = await opened();
    answerAfter(task, settled(OUTCOMES.accepted), 0, OUTCOMES.banned);
    expect(await send(task)).toEqual(OUTCOMES.accepted);
    expect(await rig.row(task.id)).toMatchObject({ status: 'SUBMITTED', upstreamTaskId: 'up-1', refused: false });
  });
});

describe('a database that is unavailable when the answer comes', () => {
  it('gets the answer when it is back', async () => {
    const task = await opened();
    jest.spyOn(t.replica.tasks, 'settle').mockRejectedValueOnce(new DatabaseUnavailableError(new Error('away')));
    await send(task);
    expect(await rig.row(task.id)).toMatchObject({ status: 'SUBMITTED', upstreamTaskId: 'up-1' });
  });

  it('that had saved the answer already saves it once', async () => {
    const task = await opened();
    const settle = t.replica.tasks.settle.bind(t.replica.tasks);
    jest.spyOn(t.replica.tasks, 'settle').mockImplementationOnce(async (...change) => {
      await settle(...change);
      throw new DatabaseUnavailableError(new Error('the answer to the commit was lost'));
    });
    await send(task);
    expect(await rig.kinds(task.id)).toEqual(['opened', 'accepted']);
    expect(task).toEqual(await rig.row(task.id));
  });
});
