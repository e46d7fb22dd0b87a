import { Logger } from '@nestjs/common';
import type { Outcome, RecentTasks } from '#libs/upstream';
import { aSnapshot } from '../../../test/a-snapshot.js';
import { aNewTask } from '../../../test/a-task.js';
import { OUTCOMES } from '../../../test/an-event.js';
import { COMMAND } from '../../../test/tracking-rig.js';
import { useTracking } from '../../../test/use-tracking.js';
import { correlationIdOf } from '../../task/correlation-id.js';
import type { Task } from '../../task/task.entity.js';

/** After the longest send, so that a look-up counts; and the gap that two look-ups need. */
const SEND_OVER_MS = 40_000;
const BETWEEN_MS = 31_000;
const MINUTE = 60_000;

const t = useTracking({ slots: 200, balance: 100 });
const { rig } = t;
let alarms: object[];
beforeEach(async () => {
  alarms = [];
  const quiet = (): void => undefined;
  Logger.overrideLogger({ log: quiet, warn: quiet, error: (line: object) => alarms.push(line) });
  await rig.sql('update upstream set echoes_state = true');
  t.fake.recent = recent();
});

/** The upstream's list: an old task and the given ones. */
function recent(...more: { id: string; task: string }[]): RecentTasks {
  return {
    reachesBackTo: 0,
    snapshots: [
      ...more.map(({ id, task }) =>
        aSnapshot({ upstreamTaskId: id, state: correlationIdOf(task), submitTime: Date.now() }),
      ),
      aSnapshot({ upstreamTaskId: 'old', state: 'theirs', status: 'SUCCESS', submitTime: Date.now() - 3_600_000 }),
    ],
  };
}

/** Submits a task that the upstream answers with `outcome`. */
async function submit(outcome: Outcome): Promise<Task> {
  t.fake.answer = () => outcome;
  const submission = await t.replica.submissions.submit({
    newTask: aNewTask({ apiKeyId: t.apiKeyId, notifyHook: 'https://hooks.test/a' }),
    command: COMMAND,
    answerOf: () => null,
  });
  if (submission.kind !== 'sent') throw new Error(submission.kind);
  return submission.task;
}

async function lookUpAfter(ms: number): Promise<void> {
  await rig.passTime(ms);
  await t.replica.reconciler.reconcile();
}

/** Runs two look-ups that prove the absence, thirty seconds apart. */
async function prove(): Promise<void> {
  await lookUpAfter(SEND_OVER_MS);
  await lookUpAfter(BETWEEN_MS);
}

/** Dispatches the waiting tasks, which the upstream answers with `outcome`. */
async function dispatch(outcome: Outcome): Promise<void> {
  t.fake.answer = () => outcome;
  await t.replica.dispatcher.dispatch();
  await t.replica.scheduler.beforeApplicationShutdown();
}

const accepted = (id: string): Outcome => ({ kind: 'accepted', upstreamTaskIds: [id] });

describe('a submit that its upstream is proven not to have taken', () => {
  it('is sent again, charged once, and noted in the timeline', async () => {
    const { id } = await submit(OUTCOMES.unknown);
    expect(await rig.count('task_input')).toBe(1);
    await prove();
    expect(await rig.row(id)).toMatchObject({ status: 'NOT_START', waiting: true, resends: 1, hasSlot: false });
    expect(await rig.running(t.up.id)).toBe(0);
    await dispatch(accepted('up-2'));
    expect(await rig.row(id)).toMatchObject({ status: 'SUBMITTED', upstreamTaskId: 'up-2', sendAttempt: 2 });
    expect(await rig.kinds(id)).toEqual(['opened', 'unknown', 'denied', 'resend', 'dispatched', 'accepted']);
    expect(await rig.balance(t.apiKeyId)).toBe(99.9);
    expect(await rig.count('ledger where task_id is not null')).toBe(1);
    expect(await rig.count('task_input')).toBe(0);
  });

  it('is sent with the same command and correlation id', async () => {
    await submit(OUTCOMES.unknown);
    await prove();
    await dispatch(accepted('up-2'));
    const [first, second] = t.fake.submits;
    expect(second?.command).toEqual(first?.command);
    expect(second?.context.state).toBe(first?.context.state);
  });

  it('is sent again three times, and then given up', async () => {
    const { id } = await submit(OUTCOMES.unknown);
    for (let round = 1; round <= 3; round += 1) {
      await prove();
      expect(await rig.row(id)).toMatchObject({ waiting: true, resends: round });
      await dispatch(OUTCOMES.unknown);
    }
    await prove();
    expect(t.fake.submits).toHaveLength(4);
    expect(await rig.row(id)).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', cost: '0.000000' });
    expect(await rig.balance(t.apiKeyId)).toBe(100);
    expect(await rig.count('task_input')).toBe(0);
  });

  it('shows a failure to its client, who has the id, if it is refused then', async () => {
    const { id } = await submit(OUTCOMES.unknown);
    await prove();
    await dispatch(OUTCOMES.refused);
    expect(await rig.row(id)).toMatchObject({ status: 'FAILURE', failCode: 'refused', refused: false });
    expect(await rig.balance(t.apiKeyId)).toBe(100);
  });

  it('can be cancelled while it waits', async () => {
    const { id } = await submit(OUTCOMES.unknown);
    await prove();
    const task = await rig.row(id);
    await t.replica.saver.saveNow(task.on({ kind: 'cancelled', source: 'api' }, rig.database.now()) ?? fail());
    expect(await rig.row(id)).toMatchObject({ status: 'CANCEL', cost: '0.000000' });
    await dispatch(accepted('up-2'));
    expect(t.fake.submits).toHaveLength(1);
  });
});

describe('a submit without proof of absence is never sent again', () => {
  it.each<[string, () => unknown]>([
    ['its upstream echoes no correlation ids', () => rig.sql('update upstream set echoes_state = false')],
    ['its upstream is not known to echo correlation ids', () => rig.sql('update upstream set echoes_state = null')],
    ['there is no list', () => (t.fake.recent = null)],
    ['the list fails', () => (t.fake.faults.list = 'timeout')],
    [
      'the list does not reach back',
      () => (t.fake.recent = { reachesBackTo: Infinity, snapshots: [aSnapshot({ state: 'x' })] }),
    ],
    ['the list was reset', () => (t.fake.recent = { reachesBackTo: -Infinity, snapshots: [] })],
  ])('%s', async (_, play) => {
    await play();
    await t.replica.upstreams.refresh();
    const { id } = await submit(OUTCOMES.unknown);
    await prove();
    await lookUpAfter(10 * MINUTE);
    await dispatch(accepted('up-2'));
    expect(t.fake.submits).toHaveLength(1);
    expect(await rig.row(id)).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', resends: 0 });
    expect(await rig.balance(t.apiKeyId)).toBe(100);
  });

  it('the list lacks another task that was accepted since', async () => {
    const { id } = await submit(OUTCOMES.unknown);
    await rig.accepted(1, t.up, { apiKeyId: t.apiKeyId }, 'known');
    await prove();
    expect(await rig.row(id)).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', resends: 0 });
  });

  it('the process that sent it never said that its connection is closed', async () => {
    const opened = await t.replica.opener.open(rig.request([t.up], { apiKeyId: t.apiKeyId }));
    if (opened.kind !== 'opened') throw new Error(opened.kind);
    await prove();
    expect(await rig.row(opened.task.id)).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown' });
  });

  it('its upstream pushed about it between the proof and its saving', async () => {
    const { id } = await submit(OUTCOMES.unknown);
    await lookUpAfter(SEND_OVER_MS);
    await rig.passTime(BETWEEN_MS);
    const { listRecent } = t.fake;
    t.fake.listRecent = async () => {
      await t.replica.due.hint(id, {});
      return listRecent.call(t.fake);
    };
    await t.replica.reconciler.reconcile();
    expect(await rig.row(id)).toMatchObject({ waiting: false, resends: 0, status: 'NOT_START' });
  });

  it('SUBMIT_RESENDS is 0', async () => {
    t.replica = await rig.replica({ maxResends: 0 }, t.fake);
    const { id } = await submit(OUTCOMES.unknown);
    expect(await rig.count('task_input')).toBe(0);
    await prove();
    expect(await rig.row(id)).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown' });
  });
});

describe('an attempt that was proven not taken and accepted late', () => {
  it('is adopted by its task while that waits to be sent again', async () => {
    const { id } = await submit(OUTCOMES.unknown);
    await prove();
    t.fake.recent = recent({ id: 'up-late', task: id });
    await rig.passTime(MINUTE);
    await t.replica.pastSends.lookUpDue();
    expect(await rig.row(id)).toMatchObject({ status: 'IN_PROGRESS', upstreamTaskId: 'up-late', upstreamId: t.up.id });
    expect(await rig.row(id)).toMatchObject({ waiting: false, hasSlot: false });
    await dispatch(accepted('up-2'));
    expect(t.fake.submits).toHaveLength(1);
    expect(alarms).toEqual([]);
  });

  it('raises an alarm and is cancelled when its task was sent again, at no cost for the client', async () => {
    const { id } = await submit(OUTCOMES.unknown);
    await prove();
    await dispatch(accepted('up-2'));
    t.fake.recent = recent({ id: 'up-2', task: id }, { id: 'up-late', task: id });
    for (let look = 1; look <= 2; look += 1) {
      await rig.passTime(5 * MINUTE);
      await t.replica.pastSends.lookUpDue();
    }
    expect(alarms).toMatchObject([{ alarm: 'an upstream took a submit late', taskId: id }]);
    expect(t.fake.cancels).toEqual(['up-late']);
    expect(await rig.row(id)).toMatchObject({ upstreamTaskId: 'up-2' });
    expect((await rig.timeline(id)).at(-1)).toMatchObject({
      kind: 'late_acceptance',
      detail: { attempt: 1, upstreamTaskId: 'up-late' },
    });
    expect(await rig.balance(t.apiKeyId)).toBe(99.9);
  });

  it('is never taken for the task by a later look-up', async () => {
    const { id } = await submit(OUTCOMES.unknown);
    await prove();
    await dispatch(accepted('up-2'));
    t.fake.recent = recent({ id: 'up-late', task: id });
    await rig.passTime(MINUTE);
    await t.replica.pastSends.lookUpDue();
    expect(await t.replica.due.takenUpstreamIds(t.up.id, ['up-late', 'up-2', 'up-3'])).toEqual(
      new Map([
        ['up-late', 'before'],
        ['up-2', 'now'],
      ]),
    );
  });

  it('waits for the answer to a send in flight', async () => {
    const { id } = await submit(OUTCOMES.unknown);
    await prove();
    await dispatch(OUTCOMES.unknown);
    t.fake.recent = recent({ id: 'up-late', task: id });
    await rig.passTime(MINUTE);
    await t.replica.pastSends.lookUpDue();
    expect(alarms).toEqual([]);
    await lookUpAfter(0);
    expect(await rig.row(id)).toMatchObject({ upstreamTaskId: 'up-late', resends: 1 });
  });

  it('is looked up four times', async () => {
    await submit(OUTCOMES.unknown);
    await prove();
    await dispatch(accepted('up-2'));
    const before = t.fake.lists;
    for (let hour = 0; hour < 6; hour += 1) {
      await rig.passTime(120 * MINUTE);
      await t.replica.pastSends.lookUpDue();
    }
    expect(t.fake.lists - before).toBe(4);
    expect(await rig.count('past_send where look_at is not null')).toBe(0);
  });

  it('is looked up for a day when its upstream cannot be asked', async () => {
    await submit(OUTCOMES.unknown);
    await prove();
    t.fake.faults.list = 'timeout';
    await rig.passTime(2 * MINUTE);
    await t.replica.pastSends.lookUpDue();
    expect(await rig.count('past_send where look_at > now() and looks = 0')).toBe(1);
    await rig.passTime(24 * 60 * MINUTE);
    await t.replica.pastSends.lookUpDue();
    expect(await rig.count('past_send where look_at is null')).toBe(1);
  });
});

function fail(): never {
  throw new Error('nothing changed');
}
