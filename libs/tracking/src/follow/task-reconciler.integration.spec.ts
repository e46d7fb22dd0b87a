import { Logger } from '@nestjs/common';
import { reachesBackTo, type RecentTasks, type Snapshot } from '#libs/upstream';
import { aSnapshot } from '../../test/a-snapshot.js';
import { OUTCOMES, settled } from '../../test/an-event.js';
import { OPTIONS } from '../../test/replica.js';
import { useTracking } from '../../test/use-tracking.js';
import { correlationIdOf } from '../task/correlation-id.js';
import type { Task } from '../task/task.entity.js';

// Stands before the rig, so that it runs before the rig is emptied.
afterEach(() => {
  // No test may lead to a second send.
  expect(t.fake.submits).toEqual([]);
});
const t = useTracking({ slots: 200, balance: 100 });
const { rig } = t;

/** After the longest send, so that a look-up counts. */
const SEND_OVER_MS = 40_000;

beforeAll(() => {
  Logger.overrideLogger(false);
});

/** A task whose submit was never answered: the process ended, or the connection did. */
async function unknown(isSettled = true): Promise<Task> {
  const opened = await t.replica.opener.open(rig.request([t.up], { apiKeyId: t.apiKeyId }));
  if (opened.kind !== 'opened') throw new Error(opened.kind);
  const change = isSettled ? opened.task.on(settled(OUTCOMES.unknown), rig.database.now()) : null;
  if (change !== null) await t.replica.tasks.settle(change, null, null);
  return opened.task;
}

/** @param isAll whether the list is complete */
function list(isAll: boolean, ...shown: Partial<Snapshot>[]): RecentTasks {
  const snapshots = shown.map(aSnapshot);
  return { snapshots, reachesBackTo: isAll ? -Infinity : reachesBackTo(snapshots) };
}

async function lookUpAfter(ms: number): Promise<void> {
  await rig.passTime(ms);
  await t.replica.reconciler.reconcile();
}

describe('a task that the upstream lists', () => {
  it.each([
    ['whose answer was lost', true],
    ['whose process was killed', false],
  ])('is found by its correlation id: %s', async (_, isSettled) => {
    const task = await unknown(isSettled);
    t.fake.recent = list(
      false,
      { upstreamTaskId: 'other', state: 'jm:1' },
      { upstreamTaskId: 'up-9', state: correlationIdOf(task.id), status: 'IN_PROGRESS', progress: 20 },
    );
    await lookUpAfter(SEND_OVER_MS);
    const row = await rig.row(task.id);
    expect(row).toMatchObject({ status: 'IN_PROGRESS', progress: 20, upstreamTaskId: 'up-9', lookUpAt: null });
    expect(row.nextPollAt).not.toBeNull();
    expect(await rig.kinds(task.id)).toEqual(expect.arrayContaining(['found', 'progress']));
    expect(await rig.balance(t.apiKeyId)).toBe(99.9);
  });

  it('costs one list call for all tasks of an upstream', async () => {
    const tasks = await Promise.all(Array.from({ length: 5 }, () => unknown()));
    t.fake.recent = list(
      true,
      ...tasks.map(({ id }, at) => ({
        upstreamTaskId: `up-${at}`,
        state: correlationIdOf(id),
        status: 'SUCCESS' as const,
      })),
    );
    await lookUpAfter(SEND_OVER_MS);
    expect(t.fake.lists).toBe(1);
    expect(await rig.count("task where status = 'SUCCESS'")).toBe(5);
  });

  it('is not one whose id another task has: such a list is inconclusive, and the task ends in its time', async () => {
    await rig.accepted(1, t.up, { apiKeyId: t.apiKeyId });
    const task = await unknown();
    t.fake.recent = list(true, { upstreamTaskId: 'up-0', state: correlationIdOf(task.id), status: 'SUCCESS' });
    await lookUpAfter(SEND_OVER_MS);
    expect(await rig.row(task.id)).toMatchObject({ status: 'NOT_START', lookUpNoes: 0 });
    await lookUpAfter(90_000);
    expect(await rig.row(task.id)).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown' });
    expect(await rig.kinds(task.id)).not.toContain('unsaved');
  });

  it('does not keep others from being saved when its id was taken concurrently', async () => {
    const [one, two, three] = [await unknown(), await unknown(), await unknown()];
    t.fake.recent = list(
      true,
      ...[one, two].map(({ id }) => ({ upstreamTaskId: 'up-same', state: correlationIdOf(id) })),
      {
        upstreamTaskId: 'up-3',
        state: correlationIdOf(three.id),
      },
    );
    await lookUpAfter(SEND_OVER_MS);
    expect(await rig.count("task where upstream_task_id = 'up-same'")).toBe(1);
    expect(await rig.row(three.id)).toMatchObject({ upstreamTaskId: 'up-3' });
    await lookUpAfter(120_000);
    expect(await rig.count("task where fail_code = 'outcome_unknown'")).toBe(1);
  });
});

describe('a list that does not show the task', () => {
  it('ends the task at the second look-up, thirty seconds after the first', async () => {
    const task = await unknown();
    t.fake.recent = list(true, { upstreamTaskId: 'other', state: 'theirs' });
    await lookUpAfter(SEND_OVER_MS);
    expect(await rig.row(task.id)).toMatchObject({ status: 'NOT_START', lookUpNoes: 1, hasSlot: true });
    await lookUpAfter(10_000);
    expect(await rig.row(task.id)).toMatchObject({ status: 'NOT_START', lookUpNoes: 1 });
    await lookUpAfter(21_000);
    expect(await rig.row(task.id)).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', hasSlot: false });
    expect(await rig.kinds(task.id)).toEqual(['opened', 'unknown', 'denied', 'failed']);
    expect(await rig.balance(t.apiKeyId)).toBe(100);
  });

  it('is inconclusive while it shows a task without a state, which could be this one', async () => {
    const task = await unknown();
    t.fake.recent = list(true, { upstreamTaskId: 'whose', state: null, submitTime: null });
    await lookUpAfter(SEND_OVER_MS);
    expect(await rig.row(task.id)).toMatchObject({ status: 'NOT_START', lookUpNoes: 0 });
  });

  it('counts only after the longest send is over', async () => {
    const task = await unknown();
    t.fake.recent = list(true);
    await lookUpAfter(3_000);
    expect(t.fake.lists).toBe(1);
    expect(await rig.row(task.id)).toMatchObject({ lookUpNoes: 0, version: 1 });
  });

  it('does not rule out an acceptance that a second look-up finds', async () => {
    const task = await unknown();
    t.fake.recent = list(true);
    await lookUpAfter(SEND_OVER_MS);
    t.fake.recent = list(true, { upstreamTaskId: 'up-9', state: correlationIdOf(task.id) });
    await lookUpAfter(31_000);
    expect(await rig.row(task.id)).toMatchObject({ status: 'IN_PROGRESS', upstreamTaskId: 'up-9' });
  });

  it.each([
    ['nothing older than the send', () => 0, 0],
    ['something older, but by less than clocks may differ', () => 50_000, 0],
    ['something older', () => 61_000, 1],
  ])('and shows %s: counted or not %#', async (_, olderBy, notFound) => {
    const task = await unknown();
    await rig.passTime(SEND_OVER_MS);
    const { sentAt } = await rig.row(task.id);
    t.fake.recent = list(
      false,
      { upstreamTaskId: 'young', state: 'theirs', submitTime: Number(sentAt) + 5_000 },
      { upstreamTaskId: 'no time', state: 'theirs', submitTime: null },
      { upstreamTaskId: 'old', submitTime: Number(sentAt) - olderBy() },
    );
    await t.replica.reconciler.reconcile();
    expect((await rig.row(task.id)).lookUpNoes).toBe(notFound);
  });
});

describe('look-ups without a conclusive answer', () => {
  it.each([
    ['an upstream without a list', () => (t.fake.recent = null)],
    ['a list that fails', () => (t.fake.faults.list = 'timeout')],
    ['a list that does not reach back', () => (t.fake.recent = list(false, { submitTime: Date.now() }))],
    ['an upstream that is gone', () => jest.spyOn(t.replica.upstreams, 'find').mockReturnValue(null)],
  ])('%s: the task ends with unknown outcome after the grace period', async (_, play) => {
    play();
    const task = await unknown();
    await lookUpAfter(SEND_OVER_MS);
    await lookUpAfter(45_000);
    expect(await rig.row(task.id)).toMatchObject({ status: 'NOT_START', lookUpNoes: 0, version: 1 });
    await lookUpAfter(10_000);
    expect(await rig.row(task.id)).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', cost: '0.000000' });
    expect(await rig.kinds(task.id)).toEqual(['opened', 'unknown', 'unconfirmed', 'failed']);
    expect(await rig.balance(t.apiKeyId)).toBe(100);
  });
});

describe('two reconcilers at once', () => {
  it('settle each task once', async () => {
    const task = await unknown();
    t.fake.recent = list(true);
    const other = await rig.replica({}, t.fake);
    await rig.passTime(SEND_OVER_MS);
    await Promise.all([t.replica.reconciler.reconcile(), other.reconciler.reconcile()]);
    expect(t.fake.lists).toBe(1);
    expect((await rig.row(task.id)).lookUpNoes).toBe(1);
  });
});

describe('a candidate id of a push whose receiving process ended', () => {
  it('is confirmed when the list does not reach back', async () => {
    const task = await unknown();
    t.fake.recent = list(false);
    t.fake.show('up-77', { state: correlationIdOf(task.id), status: 'IN_PROGRESS' });
    await t.replica.due.hint(task.id, { 'midjourney-proxy': 'up-77' });
    await lookUpAfter(SEND_OVER_MS);
    expect(await rig.row(task.id)).toMatchObject({ upstreamTaskId: 'up-77', status: 'IN_PROGRESS' });
  });

  it('is rejected when the upstream shows another correlation id under it', async () => {
    const task = await unknown();
    t.fake.recent = list(false);
    t.fake.show('up-77', { state: correlationIdOf('6240000000000009') });
    await t.replica.due.hint(task.id, { 'midjourney-proxy': 'up-77' });
    await lookUpAfter(SEND_OVER_MS);
    expect(await rig.row(task.id)).toMatchObject({ upstreamTaskId: null, status: 'NOT_START', pushedId: 'up-77' });
  });
});

describe('an upstream that cannot answer look-ups', () => {
  it.each([
    ['has no list', 'lists_recent = false'],
    ['echoes no correlation ids', 'echoes_state = false'],
  ])('is not asked: it %s', async (_, set) => {
    await rig.sql(`update upstream set ${set}, pushes = false`);
    await t.replica.upstreams.refresh();
    const task = await unknown();
    await lookUpAfter(SEND_OVER_MS);
    expect((await rig.row(task.id)).status).toBe('NOT_START');
    await lookUpAfter(OPTIONS.submitSettleMs);
    expect(await rig.row(task.id)).toMatchObject({ status: 'FAILURE', failCode: 'outcome_unknown', cost: '0.000000' });
    expect(t.fake.lists).toBe(0);
  });

  it('is not asked while its circuit is open', async () => {
    await unknown();
    await rig.sql(`update upstream set circuit_until = now() + interval '1 hour'`);
    await t.replica.upstreams.refresh();
    await lookUpAfter(SEND_OVER_MS);
    expect(t.fake.lists).toBe(0);
  });

  it('pauses the grace period of a task while its circuit is open', async () => {
    const task = await unknown();
    await rig.sql(`update upstream set circuit_until = now() + interval '1 hour', circuit_changed_at = now()`);
    await t.replica.upstreams.refresh();
    await lookUpAfter(SEND_OVER_MS + 2 * OPTIONS.submitSettleMs);
    expect((await rig.row(task.id)).status).toBe('NOT_START');
    await rig.sql('update upstream set circuit_until = null, circuit_changed_at = now()');
    await t.replica.upstreams.refresh();
    await lookUpAfter(10_000);
    expect((await rig.row(task.id)).status).toBe('NOT_START');
    expect(t.fake.lists).toBe(1);
  });

  it('is recognised by having no list, and is asked again once it is known to have one', async () => {
    await unknown();
    await lookUpAfter(SEND_OVER_MS);
    expect([t.fake.lists, t.replica.upstreams.capabilitiesOf(t.up.id).listsRecent]).toEqual([1, false]);
    await lookUpAfter(10_000);
    expect(t.fake.lists).toBe(1);
    await t.replica.capabilities.record(t.up.id, { listsRecent: true });
    t.fake.recent = list(false);
    await lookUpAfter(10_000);
    expect([t.fake.lists, t.replica.upstreams.capabilitiesOf(t.up.id).listsRecent]).toEqual([2, true]);
  });
});
