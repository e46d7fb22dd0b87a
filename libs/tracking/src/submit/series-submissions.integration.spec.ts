import type { Outcome, SubmitCommand } from '#libs/upstream';
import { aNewTask } from '../../test/a-task.js';
import { FakeUpstream } from '../../test/fake-upstream.js';
import { COMMAND } from '../../test/tracking-rig.js';
import { useRig } from '../../test/use-tracking.js';
import type { Job, SeriesSubmission } from './series-submissions.js';
import type { NewTask } from '../task/new-task.js';

const IDEM = { route: '/mj/submit/imagine', key: 'k', print: 'p' };

describe('a series', () => {
  const rig = useRig();
  let upstream: FakeUpstream;

  beforeEach(() => void (upstream = new FakeUpstream()));

  const jobs = (n: number, newTask: Partial<NewTask>, command: Partial<SubmitCommand> = {}): [Job, ...Job[]] => {
    const all = Array.from({ length: n }, (_, at) => ({
      newTask: aNewTask({
        ...newTask,
        prompt: `fox ${at}`,
        idempotency: at === 0 ? (newTask.idempotency ?? null) : null,
      }),
      command: { ...COMMAND, prompt: `fox ${at}`, ...command } as SubmitCommand,
    }));
    return all as unknown as [Job, ...Job[]];
  };
  const prompts = (): string[] => upstream.submits.map(({ command }) => (command as { prompt: string }).prompt);
  const taken = (submission: SeriesSubmission): Extract<SeriesSubmission, { kind: 'taken' }> => {
    if (submission.kind !== 'taken') throw new Error(`not taken: ${submission.kind}`);
    return submission;
  };

  it('is a task for each job, in their order, and one submit', async () => {
    const up = await rig.addUpstream(10);
    const apiKeyId = await rig.key({ balance: 10, requestsPerMinute: 1, dailyTasks: 4, maxConcurrent: 4 });
    const replica = await rig.replica({}, upstream);
    const { tasks, ahead } = taken(await replica.series.submit(jobs(4, { apiKeyId, idempotency: IDEM })));
    expect(ahead).toBeNull();
    expect(tasks.map(({ prompt, status }) => [prompt, status])).toEqual(
      [0, 1, 2, 3].map((n) => [`fox ${n}`, 'SUBMITTED']),
    );
    expect(tasks.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id).sort());
    expect(tasks.map(({ batchId }) => batchId)).toEqual([null, ...[1, 2, 3].map(() => tasks[0]?.id)]);
    expect(prompts()[0]).toBe('fox 0');
    expect(prompts().sort()).toEqual(['fox 0', 'fox 1', 'fox 2', 'fox 3']);
    expect(await rig.running(up.id)).toBe(4);
    expect(await rig.balance(apiKeyId)).toBeCloseTo(9.6);
    const [first] = tasks;
    if (first === undefined) throw new Error('no task');
    const members = tasks.map(({ id }) => ({ id, isBeingSent: false }));
    expect(await replica.tasks.findSeries(first)).toEqual(members);
    const again = await replica.series.submit(jobs(4, { apiKeyId, idempotency: IDEM }));
    expect(again.kind).toBe('busy');
    const free = await rig.key();
    await replica.series.submit(jobs(2, { apiKeyId: free, idempotency: IDEM }));
    expect(await replica.series.submit(jobs(2, { apiKeyId: free, idempotency: IDEM }))).toEqual({ kind: 'replay' });
  });

  it.each<[string, object, string]>([
    ['credits', { balance: 0.25 }, 'quota'],
    ['spending', { monthlySpend: 0.25 }, 'quota'],
    ['concurrency', { maxConcurrent: 2 }, 'busy'],
    ['tasks of the day', { dailyTasks: 2 }, 'busy'],
  ])('is opened whole or not at all: %s', async (_, limits, kind) => {
    await rig.addUpstream(10);
    const apiKeyId = await rig.key(limits);
    const replica = await rig.replica({}, upstream);
    expect(await replica.series.submit(jobs(3, { apiKeyId }))).toMatchObject({ kind });
    expect(upstream.submits).toEqual([]);
    expect(await rig.rows()).toEqual([]);
    expect(taken(await replica.series.submit(jobs(2, { apiKeyId }))).tasks).toHaveLength(2);
  });

  it('waits, whole or in part, when slots are missing, and is sent as slots become free', async () => {
    const up = await rig.addUpstream(2);
    const apiKeyId = await rig.key({ queueLimit: 3 });
    const replica = await rig.replica({}, upstream);
    expect(await replica.series.submit(jobs(6, { apiKeyId }))).toEqual({ kind: 'queue_full' });
    const { tasks, ahead } = taken(await replica.series.submit(jobs(5, { apiKeyId })));
    expect(ahead).toBeNull();
    expect(tasks.map(({ waiting }) => waiting)).toEqual([false, false, true, true, true]);
    expect((await rig.rows()).map(({ waitUntil }) => waitUntil)).toEqual([null, null, null, null, null]);
    expect(await rig.running(up.id)).toBe(2);
    await rig.sql('update upstream_load set max_concurrent = 9');
    await replica.dispatcher.dispatch();
    await replica.scheduler.beforeApplicationShutdown();
    expect(prompts().sort()).toEqual(['fox 0', 'fox 1', 'fox 2', 'fox 3', 'fox 4']);
    const other = await rig.key();
    await rig.sql('update upstream_load set max_concurrent = running');
    const whole = taken(await replica.series.submit(jobs(2, { apiKeyId: other })));
    expect(whole).toMatchObject({ ahead: 0, tasks: [{ waiting: true }, { waiting: true }] });
  });

  it('stores large inputs only for tasks that wait', async () => {
    await rig.addUpstream(1);
    const apiKeyId = await rig.key();
    const replica = await rig.replica({}, upstream);
    const images = [`data:image/png;base64,${'A'.repeat(200_000)}`];
    const { tasks } = taken(await replica.series.submit(jobs(3, { apiKeyId }, { images })));
    const kept = await rig.sql<{ id: string; bytes: number }>('select task_id as id, bytes from task_input order by 1');
    expect(kept.map(({ id }) => id)).toEqual(tasks.slice(1).map(({ id }) => id));
    expect(Math.min(...kept.map(({ bytes }) => bytes))).toBeGreaterThan(200_000);
    const heavy = [`data:image/png;base64,${'A'.repeat(120_000_000)}`];
    expect(await replica.series.submit(jobs(4, { apiKeyId }, { images: heavy }))).toEqual({
      kind: 'queue_full',
    });
  });

  it('stores inputs for retries, and each task is retried by itself', async () => {
    await rig.addUpstream(10);
    const apiKeyId = await rig.key({ balance: 10 });
    const replica = await rig.replica({}, upstream);
    const { tasks } = taken(await replica.series.submit(jobs(2, { apiKeyId, retries: 1 })));
    const kept = await rig.sql<{ id: string }>('select task_id as id from task_input order by 1');
    expect(kept.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id));
    upstream.show(tasks[1]?.upstreamTaskId ?? '', { status: 'FAILURE', failReason: 'it broke' });
    await rig.sql('update task_poll set due_at = now()');
    for (const target of replica.upstreams.all()) await replica.sync.syncDue(target);
    const rows = await rig.rows();
    expect(rows.map(({ waiting, retriesLeft }) => [waiting, retriesLeft]).sort()).toEqual([
      [false, 1],
      [true, 0],
    ]);
    expect(await rig.balance(apiKeyId)).toBeCloseTo(9.8);
  });

  it.each<[string, Outcome]>([
    ['a banned word', { kind: 'banned', promptEn: 'fox', bannedWord: 'fox' }],
    ['a refusal', { kind: 'refused', code: 9, words: 'no foxes' }],
  ])('is declined as a whole by %s: one send, no input stored, and its Idempotency-Key is free', async (_, outcome) => {
    await rig.addUpstream(2);
    const apiKeyId = await rig.key({ balance: 1, maxConcurrent: 4, dailyTasks: 4 });
    const replica = await rig.replica({}, upstream);
    upstream.answer = () => outcome;
    const declined = await replica.series.submit(jobs(4, { apiKeyId, idempotency: IDEM }));
    expect(declined).toMatchObject({ kind: 'declined', outcome: { kind: outcome.kind } });
    expect(upstream.submits).toHaveLength(1);
    const rows = await rig.rows();
    expect(rows.map(({ refused, status, waiting, hasSlot }) => [refused, status, waiting, hasSlot])).toEqual(
      rows.map(() => [true, 'FAILURE', false, false]),
    );
    expect(rows).toHaveLength(4);
    expect(await rig.balance(apiKeyId)).toBe(1);
    expect(await rig.count('task_input')).toBe(0);
    upstream.answer = () => ({ kind: 'accepted', upstreamTaskIds: [`up-${upstream.submits.length}`] });
    await replica.dispatcher.dispatch();
    expect(upstream.submits).toHaveLength(1);
    expect(taken(await replica.series.submit(jobs(4, { apiKeyId, idempotency: IDEM }))).tasks).toHaveLength(4);
  });

  it('leaves out and refunds a task that is declined after the first was accepted', async () => {
    await rig.addUpstream(4);
    const apiKeyId = await rig.key({ balance: 1 });
    const replica = await rig.replica({}, upstream);
    let asked = 0;
    upstream.answer = () => {
      asked += 1;
      if (asked === 2) return { kind: 'banned', promptEn: '', bannedWord: 'x' };
      return { kind: 'accepted', upstreamTaskIds: [`up-${asked}`] };
    };
    expect(taken(await replica.series.submit(jobs(3, { apiKeyId }))).tasks).toHaveLength(2);
    expect(await rig.balance(apiKeyId)).toBeCloseTo(0.8);
  });

  it.each<[string, Outcome]>([
    ['is full', { kind: 'full' }],
    ['cannot be reached', { kind: 'nothing_done', fault: 'connect' }],
    ['does not answer', { kind: 'unknown', fault: 'timeout' }],
  ])('waits like its first task when the upstream %s, and makes one call', async (_, outcome) => {
    await rig.addUpstream(3);
    const apiKeyId = await rig.key();
    const replica = await rig.replica({}, upstream);
    upstream.answer = () => outcome;
    const { tasks } = taken(await replica.series.submit(jobs(4, { apiKeyId })));
    expect(upstream.submits).toHaveLength(1);
    expect(tasks.slice(1).map(({ waiting }) => waiting)).toEqual([true, true, true]);
    expect(await rig.count('task_input')).toBeGreaterThanOrEqual(3);
  });

  it('has no candidate when no upstream supports all of its jobs', async () => {
    await rig.addUpstream(3);
    await rig.sql("update upstream set actions = '{IMAGINE}'");
    const apiKeyId = await rig.key();
    const replica = await rig.replica({}, upstream);
    const [first, second] = jobs(2, { apiKeyId });
    if (second === undefined) throw new Error('no second');
    second.newTask.action = 'VIDEO';
    expect(await replica.series.submit([first, second])).toEqual({ kind: 'no_candidate' });
    expect(await rig.rows()).toEqual([]);
  });
});
