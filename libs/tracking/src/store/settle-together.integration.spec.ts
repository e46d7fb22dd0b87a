import type { Statement } from '#libs/database';
import type { Outcome } from '#libs/upstream';
import { OUTCOMES, settled } from '../../test/an-event.js';
import { OPTIONS } from '../../test/replica.js';
import { useRig } from '../../test/use-tracking.js';
import { ACCEPTANCE } from './save/acceptance.js';
import { covers } from './save/describe-save.js';
import type { Change } from '../task/change.js';
import { TaskOpener } from '../submit/open/task-opener.js';
import type { Task } from '../task/task.entity.js';
import { TaskRepository } from './task.repository.js';

const rig = useRig();
let tasks: TaskRepository;
/** Sizes of the acceptance batches, and the number of settles saved by the statement for all changes. */
let batches: number[];
let alone: number;
beforeEach(() => {
  batches = [];
  alone = 0;
  const run = (statement: Statement, given: { ids?: string; changes?: string }): Promise<object[]> => {
    if (statement.name === 'task_settle_accepted') batches.push(String(given.ids).split(',').length);
    if (statement.name === 'task_settle') alone += (JSON.parse(String(given.changes)) as unknown[]).length;
    return rig.database.run(statement as never, given as never);
  };
  tasks = new TaskRepository(
    new Proxy(rig.database, { get: (at, name) => (name === 'run' ? run : (Reflect.get(at, name) as unknown)) }),
  );
});

/** Tasks of a key with 10 credits that are being sent. */
async function sending(n: number): Promise<{ apiKeyId: string; upstreamId: string; made: Task[] }> {
  const apiKeyId = await rig.key({ balance: 10 });
  const up = await rig.addUpstream(100);
  const opener = new TaskOpener(rig.database, OPTIONS);
  const opened = await Promise.all(Array.from({ length: n }, () => opener.open(rig.request([up], { apiKeyId }))));
  const made = opened.map((result) => ('task' in result ? result.task : null)).filter((task) => task !== null);
  return { apiKeyId, upstreamId: up.id, made };
}

function changeOf(task: Task | undefined, outcome: Outcome): Change {
  const change = task?.on(settled(outcome), rig.database.now()) ?? null;
  if (change === null) throw new Error('nothing changed');
  return change;
}

function accepted(task: Task, upstreamTaskId: string): Change {
  return changeOf(task, { kind: 'accepted', upstreamTaskIds: [upstreamTaskId] });
}

describe('concurrent acceptances', () => {
  it('share a statement, and each keeps its own answer', async () => {
    const { made } = await sending(5);
    const results = await Promise.all(
      made.map((task, at) => tasks.settle(accepted(task, `up-${at}`), at === 2 ? null : { code: 1, at }, null)),
    );
    expect(results).toEqual([true, true, true, true, true]);
    expect(batches).toEqual([5]);
    const rows = await Promise.all(made.map(({ id }) => rig.row(id)));
    expect(rows.map(({ upstreamTaskId }) => upstreamTaskId)).toEqual(['up-0', 'up-1', 'up-2', 'up-3', 'up-4']);
    expect(rows.map(({ answer }) => answer)).toEqual([0, 1, 2, 3, 4].map((at) => (at === 2 ? null : { code: 1, at })));
  });

  it('are batched apart from releases: none waits for the lock of an account', async () => {
    const { made, apiKeyId, upstreamId } = await sending(3);
    const waits = made.map((task) => changeOf(task, OUTCOMES.full));
    const inputs = [Buffer.from('{}'), Buffer.alloc(70_000, 7), Buffer.from('[1]')];
    const results = await Promise.all(waits.map((change, at) => tasks.settle(change, null, inputs[at] ?? null)));
    expect(results).toEqual([true, true, true]);
    expect({ batches, alone }).toEqual({ batches: [], alone: 3 });
    const kept = await rig.sql<{ body: Buffer }>('select body from task_input order by length(body)');
    expect(kept.map(({ body }) => body)).toEqual([inputs[0], inputs[2], inputs[1]]);
    expect(await rig.running(upstreamId)).toBe(0);
    expect(await rig.balance(apiKeyId)).toBe(9.7);
  });

  it('report only those that were too late', async () => {
    const { made } = await sending(3);
    const changes = made.map((task, at) => accepted(task, `up-${at}`));
    await rig.sql('update task set version = version + 1 where id = $1', [made[1]?.id]);
    expect(await Promise.all(changes.map((change) => tasks.settle(change, null, null)))).toEqual([true, false, true]);
  });
});

describe('a settle that Postgres refuses', () => {
  it('fails alone: the rest of its batch is saved', async () => {
    const { made, apiKeyId } = await sending(5);
    const ids = ['a', 'b', 'b', 'c'];
    const changes = made.slice(0, 4).map((task, at) => accepted(task, ids[at] ?? ''));
    // A refusal with a refund, which must not be booked twice when it is saved again.
    changes.push(changeOf(made[4], OUTCOMES.refused));
    const ends = await Promise.allSettled(changes.map((change) => tasks.settle(change, null, null)));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(ends[2]).toMatchObject({ reason: { constraint: 'task_upstream' } });
    expect({ batches, alone }).toEqual({ batches: [4, 1, 1, 1, 1], alone: 1 });
    expect(await rig.balance(apiKeyId)).toBe(9.6);
  });
});

describe('two concurrent settles of one task', () => {
  it('save one of them', async () => {
    const { made, apiKeyId } = await sending(1);
    const copies = await Promise.all([1, 2, 3].map(() => rig.row(made[0]?.id ?? '')));
    const changes = copies.map((copy) => changeOf(copy, OUTCOMES.refused));
    const results = await Promise.all(changes.map((change) => tasks.settle(change, null, null)));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await rig.count("ledger where kind = 'refund'")).toBe(1);
    expect(await rig.balance(apiKeyId)).toBe(10);
  });
});

describe('an acceptance', () => {
  const HOOK = 'https://client.test/hook';
  const TEXT = 'up "1", {a} \\ NULL 猫';

  /** All stored data of a task except ids and times. */
  async function storedOf(id: string): Promise<unknown> {
    const {
      id: _,
      upstreamTaskId: _there,
      submittedAt: _at,
      sentAt: _sent,
      sendDeadline: _late,
      ...row
    } = await rig.row(id);
    const lines = (await rig.timeline(id)).map(({ version, kind, source, status, progress, detail }) => {
      return { version, kind, source, status, progress, detail };
    });
    const hooks = await rig.sql('select url, host, seq, terminal, state from hook_delivery where task_id = $1', [id]);
    const polls = await rig.sql('select upstream_id, due_at from task_poll where task_id = $1', [id]);
    const inputs = await rig.sql('select body from task_input where task_id = $1', [id]);
    return { row, lines, hooks, polls, inputs };
  }

  it.each<[string, (upstreamTaskId: string) => Outcome]>([
    ['accepted', (id) => ({ kind: 'accepted', upstreamTaskIds: [id] })],
    ['queued', (id) => ({ kind: 'queued', upstreamTaskIds: [id], ahead: 3 })],
    ['exists', (id) => ({ kind: 'exists', upstreamTaskId: id })],
  ])('is stored exactly as by the statement for all changes: %s', async (_, outcomeOf) => {
    const { made } = await sending(2);
    await rig.sql("update task set notify_hook = $1, look_up_at = now() + interval '5 s'", [HOOK]);
    await rig.sql("insert into task_input (task_id, api_key_id, body, bytes) select id, api_key_id, '{}', 2 from task");
    const now = new Date(Date.now() + 1_000);
    const changes = await Promise.all(
      made.map(async ({ id }, at) => (await rig.row(id)).on(settled(outcomeOf(`${TEXT} ${at}`)), now)),
    );
    const [one, other] = changes;
    if (one == null || other == null) throw new Error('nothing changed');
    expect(covers(ACCEPTANCE, one)).toBe(true);
    // The jitter of the next poll is random.
    other.task.nextPollAt = one.task.nextPollAt;
    const answer = { code: 1, description: TEXT };
    expect(await tasks.settle(one, answer, null)).toBe(true);
    expect(
      await tasks.settle({ ...other, touched: new Set([...other.touched, 'prompt' as const]) }, answer, null),
    ).toBe(true);
    expect({ batches, alone }).toEqual({ batches: [1], alone: 1 });
    expect((await rig.row(one.task.id)).upstreamTaskId).toBe(`${TEXT} 0`);
    expect(await storedOf(one.task.id)).toEqual(await storedOf(other.task.id));
  });

  it('of a task with a push since it was read is polled at once', async () => {
    const { made } = await sending(1);
    const [task] = made;
    if (task === undefined) throw new Error('no task');
    await rig.sql('update task set hinted_at = now()');
    expect(await tasks.settle(accepted(task, 'up-1'), null, null)).toBe(true);
    expect(await rig.count('task_poll where due_at <= now()')).toBe(1);
  });
});
