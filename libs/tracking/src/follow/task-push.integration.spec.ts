import { Logger } from '@nestjs/common';
import type { Candidate, Snapshot } from '#libs/upstream';
import { aNewTask, aFinishedTask, aWaitingTask, aModal } from '../../test/a-task.js';
import { OUTCOMES, settled } from '../../test/an-event.js';
import { FakeUpstream } from '../../test/fake-upstream.js';
import type { Replica } from '../../test/replica.js';
import { until } from '../../../../test/support/until.js';
import { COMMAND } from '../../test/tracking-rig.js';
import { useRig } from '../../test/use-tracking.js';
import { correlationIdOf } from '../task/correlation-id.js';
import type { Task } from '../task/task.entity.js';

const rig = useRig();
let fake: FakeUpstream;
let replica: Replica;
let up: Candidate;
let apiKeyId: string;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  fake = new FakeUpstream();
  apiKeyId = await rig.key({ balance: 100 });
  up = await rig.addUpstream(200);
  replica = await rig.replica({ publicUrl: 'https://gateway.test' }, fake);
});

const tokenOf = (id: string, { tokens } = replica): string => tokens.urlOf(id)?.split('/').at(-1) ?? '';

/** Pushes, and waits until the pushes are processed. */
async function push(id: string, ...bodies: unknown[]): Promise<void> {
  const heard = bodies.map((body) => replica.push.receive(tokenOf(id), body));
  expect(heard).toEqual(bodies.map(() => true));
  await done(replica);
}

async function done({ pushing, scheduler }: Replica): Promise<void> {
  pushing.onModuleDestroy();
  await pushing.beforeApplicationShutdown();
  await scheduler.beforeApplicationShutdown();
}

/** A task without an upstream id: its outcome is unknown, or it is still being sent. */
async function sought(isSettled = true): Promise<Task> {
  const opened = await replica.opener.open(rig.request([up], { apiKeyId }));
  if (opened.kind !== 'opened') throw new Error(opened.kind);
  const change = isSettled ? opened.task.on(settled(OUTCOMES.unknown), rig.database.now()) : null;
  if (change !== null) await replica.tasks.settle(change, null, null);
  return opened.task;
}

async function followed(name = 'up'): Promise<Task> {
  const [task] = await rig.accepted(1, up, { apiKeyId }, name);
  if (task === undefined) throw new Error('not accepted');
  return task;
}

describe('the push URL of a submit', () => {
  const submit = (by: Replica): Promise<unknown> =>
    by.submissions.submit({ newTask: aNewTask({ apiKeyId }), command: COMMAND, answerOf: () => null });

  it('is valid for its task', async () => {
    await submit(replica);
    const [row] = await rig.rows();
    expect(fake.submits[0]?.context.pushUrl).toBe(replica.tokens.urlOf(row?.id ?? ''));
  });

  it('is absent without PUBLIC_URL', async () => {
    await submit(await rig.replica({ publicUrl: null }, fake));
    expect(fake.submits[0]?.context.pushUrl).toBeNull();
  });
});

describe('a push about a task that is followed', () => {
  it('has the task polled at once, and none of its content is trusted', async () => {
    const task = await followed();
    fake.show('up-0', { status: 'IN_PROGRESS', progress: 40 });
    await push(task.id, { id: 'up-9', status: 'FAILURE', progress: '100%', failReason: 'forged', state: 'x' });
    expect(fake.polls).toEqual([['up-0']]);
    expect(fake.singles).toEqual([]);
    const row = await rig.row(task.id);
    expect(row).toMatchObject({ status: 'IN_PROGRESS', progress: 40, upstreamTaskId: 'up-0', failReason: '' });
    expect(row.hintedAt).not.toBeNull();
    expect((await rig.timeline(task.id)).map(({ source }) => source)).not.toContain('push');
  });

  it('is left to the workers by a replica that only serves requests', async () => {
    const task = await followed();
    const api = await rig.replica({ runsWork: false, publicUrl: 'https://gateway.test' }, fake);
    expect(api.push.receive(tokenOf(task.id, api), {})).toBe(true);
    await done(api);
    expect(fake.polls).toEqual([]);
    const due = await rig.count(`task where next_poll_at <= now() and hinted_at = next_poll_at`);
    expect(due).toBe(1);
  });

  it('costs two rounds, however many pushes come within a second', async () => {
    const task = await followed();
    const hints = jest.spyOn(replica.due, 'hint');
    await push(task.id, ...Array.from({ length: 200 }, () => null));
    expect(hints).toHaveBeenCalledTimes(2);
  });
});

describe('a push about a task whose upstream id is not known', () => {
  const withCorrelationId = (task: Task, more: Partial<Snapshot> = {}): Partial<Snapshot> => ({
    state: correlationIdOf(task.id),
    ...more,
  });

  it.each([
    ['whose answer was lost', true],
    ['that is still being sent', false],
  ])('finds the task %s by its correlation id', async (_, isSettled) => {
    const task = await sought(isSettled);
    fake.show('up-7', withCorrelationId(task, { progress: 30 }));
    await push(task.id, { id: 'up-7', status: 'SUCCESS' });
    expect(await rig.row(task.id)).toMatchObject({
      status: 'IN_PROGRESS',
      progress: 30,
      upstreamTaskId: 'up-7',
      lookUpAt: null,
    });
    const found = (await rig.timeline(task.id)).find(({ kind }) => kind === 'found');
    expect(found?.source).toBe('push');
    expect(fake.lists).toBe(0);
  });

  it('finds the task without a correlation id when the upstream echoes none', async () => {
    const task = await sought();
    fake.show('77', { state: null, status: 'SUCCESS' });
    await push(task.id, { id: 77 });
    expect(await rig.row(task.id)).toMatchObject({ status: 'SUCCESS', upstreamTaskId: '77' });
  });

  it('finds a modal', async () => {
    const task = await sought();
    fake.show('up-7', withCorrelationId(task, { status: 'MODAL', finalPrompt: 'a blue cat' }));
    await push(task.id, { id: 'up-7' });
    expect(await rig.row(task.id)).toMatchObject({
      status: 'MODAL',
      upstreamTaskId: 'up-7',
      finalPrompt: 'a blue cat',
    });
  });

  it('is processed again when the answer to the submit comes concurrently', async () => {
    const task = await sought(false);
    fake.show('up-7', withCorrelationId(task));
    const single = fake.fetch.bind(fake);
    jest.spyOn(fake, 'fetch').mockImplementationOnce(async (target, id) => {
      const change = task.on(settled(OUTCOMES.unknown), rig.database.now());
      if (change !== null) await replica.tasks.settle(change, null, null);
      return single(target, id);
    });
    await push(task.id, { id: 'up-7' });
    expect(await rig.kinds(task.id)).toEqual(expect.arrayContaining(['unknown', 'found']));
    expect(await rig.row(task.id)).toMatchObject({ upstreamTaskId: 'up-7' });
  });

  it.each<[string, Partial<Snapshot> | null]>([
    ["carries another task's correlation id", { state: correlationIdOf('6240000000000001') }],
    ["carries a stranger's state", { state: 'hello' }],
    ['the upstream does not know', null],
    ['is answered with another one', { upstreamTaskId: 'up-8' }],
  ])('rejects an id that %s', async (_, snapshot) => {
    const task = await sought();
    if (snapshot !== null) fake.show('up-7', snapshot);
    const answered = fake.shown.get('up-7');
    if (snapshot?.upstreamTaskId !== undefined && answered !== undefined)
      fake.shown.set('up-7', { ...answered, state: correlationIdOf(task.id), upstreamTaskId: 'up-8' });
    await push(task.id, { id: 'up-7', state: correlationIdOf(task.id), status: 'SUCCESS' });
    expect(fake.singles).toEqual(['up-7']);
    expect(await rig.row(task.id)).toMatchObject({ status: 'NOT_START', upstreamTaskId: null, version: task.version });
  });

  it.each([
    ['without a correlation id', false],
    ['even with its correlation id', true],
  ])('never takes the id of another task: %s', async (_, hasCorrelationId) => {
    const other = await followed('up');
    const task = await sought();
    fake.show('up-0', { state: hasCorrelationId ? correlationIdOf(task.id) : null });
    await push(task.id, { id: 'up-0' });
    expect(await rig.row(task.id)).toMatchObject({ upstreamTaskId: null, version: task.version });
    expect(await rig.row(other.id)).toMatchObject({
      upstreamTaskId: 'up-0',
      status: 'SUBMITTED',
      version: other.version,
    });
  });

  it('gives an id that two tasks claim concurrently to one of them', async () => {
    const tasks = await Promise.all([sought(), sought()]);
    fake.show('up-7', { state: null });
    // Both tasks see the id free before either takes it.
    jest.spyOn(replica.due, 'takenUpstreamIds').mockResolvedValue(new Map());
    for (const { id } of tasks) replica.push.receive(tokenOf(id), { id: 'up-7' });
    await done(replica);
    const ids = await Promise.all(tasks.map(async ({ id }) => (await rig.row(id)).upstreamTaskId));
    expect(ids.sort()).toEqual(['up-7', null].sort());
  });

  it('leaves the task to the look-up when the upstream cannot be asked', async () => {
    const task = await sought();
    fake.faults.single = 'timeout';
    await push(task.id, { id: 'up-7' });
    expect(await rig.row(task.id)).toMatchObject({ upstreamTaskId: null, version: task.version });
    expect((await rig.row(task.id)).lookUpAt).not.toBeNull();
  });

  it('asks about the candidate until the upstream answers, because no other push may contain the id', async () => {
    const task = await sought();
    fake.faults.single = 'timeout';
    fake.show('up-7', { state: correlationIdOf(task.id) });
    replica.push.receive(tokenOf(task.id), { id: 'up-7' });
    await until('the first question', () => fake.singles.length > 0);
    fake.faults.single = null;
    await until('its id', async () => (await rig.row(task.id)).upstreamTaskId === 'up-7');
    await done(replica);
  });

  it('makes no call without an id', async () => {
    const task = await sought();
    await push(task.id, null, [], 'x', { id: '../x' });
    expect(fake.singles).toEqual([]);
  });
});

describe('a push without effect', () => {
  it('changes no task that ended, waits, or is a modal', async () => {
    const at = (task: Task, id: string): Task =>
      Object.assign(task, { id, apiKeyId, upstreamId: up.id, cost: '0', price: '0', hasSlot: false, isCounted: false });
    const tasks = await rig.store(
      at(aFinishedTask('SUCCESS', { upstreamTaskId: 'a' }), '6240000000000001'),
      at(aFinishedTask('FAILURE', { upstreamTaskId: 'b' }), '6240000000000002'),
      at(aModal({ upstreamTaskId: 'c' }), '6240000000000003'),
      at(aWaitingTask(), '6240000000000004'),
    );
    for (const { id } of tasks) replica.push.receive(tokenOf(id), { id: 'up-7' });
    replica.push.receive(tokenOf('6240000000000009'), { id: 'up-7' });
    await done(replica);
    expect(await Promise.all(tasks.map(({ id }) => rig.row(id)))).toEqual(tasks);
    expect([fake.polls, fake.singles]).toEqual([[], []]);
  });

  it('is ignored with a forged token', async () => {
    const task = await followed();
    const mac = tokenOf(task.id).slice(17);
    expect(replica.push.receive(`6240000000000001-${mac}`, {})).toBe(false);
    expect(replica.push.receive(`${task.id}-${'A'.repeat(32)}`, {})).toBe(false);
    expect(replica.push.receive('', {})).toBe(false);
    await done(replica);
    expect((await rig.row(task.id)).hintedAt).toBeNull();
  });
});
