import { valuesOf } from '#libs/database';
import pg from 'pg';
import { absent, seen } from '../../test/an-event.js';
import { useRig } from '../../test/use-tracking.js';
import type { Change } from '../task/change.js';
import { DueTaskRepository } from './due-task.repository.js';
import { covers } from './save/describe-save.js';
import { PROGRESS, SAVE_PROGRESS, toProgressArrays } from './save/progress.js';
import type { TaskEvent } from '../task/event.js';
import type { Task } from '../task/task.entity.js';
import { TaskRepository } from './task.repository.js';

const HOOK = 'https://client.test/hook';
const TEXT = 'a "cat", {1} \\ NULL \u{1F408}\u2028';

const rig = useRig();
let tasks: TaskRepository;
let due: DueTaskRepository;
beforeAll(() => {
  tasks = new TaskRepository(rig.database);
  due = new DueTaskRepository(rig.database);
});

function changeOf(task: Task, event: TaskEvent): Change {
  const change = task.on(event, rig.database.now());
  if (change === null) throw new Error('nothing changed');
  return change;
}

async function accepted(n: number, newTask = {}): Promise<{ made: Task[]; upstreamId: string }> {
  const up = await rig.addUpstream(100);
  const made = await rig.accepted(n, up, { apiKeyId: await rig.key({ balance: 100 }), notifyHook: HOOK, ...newTask });
  return { made, upstreamId: up.id };
}

/** All stored data of a task except ids and times. */
async function storedOf(id: string): Promise<unknown> {
  const { id: _, upstreamTaskId: _there, submittedAt: _at, ...row } = await rig.row(id);
  const lines = (await rig.timeline(id)).map(({ version, kind, source, status, progress, detail }) => {
    return { version, kind, source, status, progress, detail };
  });
  const deliveries = await rig.sql<{ payload: string }>(
    'select url, host, seq, terminal, payload, state from hook_delivery where task_id = $1',
    [id],
  );
  const payloads = deliveries.map(({ payload, ...delivery }) => {
    const {
      id: _id,
      submitTime: _time,
      startTime: _start,
      imageUrl,
      ...view
    } = JSON.parse(payload) as Record<string, unknown>;
    return { ...delivery, view: { ...view, imageUrl: String(imageUrl).replace(id, 'id') } };
  });
  const polls = await rig.sql('select upstream_id, due_at from task_poll where task_id = $1', [id]);
  return { row, lines, payloads, polls };
}

const NEWS = {
  promptEn: TEXT,
  finalPrompt: `${TEXT} --v 7`,
  finalZhPrompt: '猫',
  imageUrl: 'https://up.test/a.png?1',
  messageId: '1',
  messageHash: 'h',
  seed: '5',
};

describe('a poll after which the task continues', () => {
  it.each<[string, TaskEvent]>([
    ['a step', seen({ status: 'IN_PROGRESS', progress: 40 })],
    ['a status alone', seen({ status: 'IN_PROGRESS' })],
    ['everything that can be learned', seen({ status: 'IN_PROGRESS', progress: 1, ...NEWS })],
    ['texts without a step', seen({ ...NEWS, status: 'SUBMITTED' })],
    ['no news', seen({ status: 'SUBMITTED' })],
    ['a word that is not known', seen({ status: null })],
    ['an answer that leaves it out', absent()],
  ])('is stored exactly as by the statement for all changes: %s', async (_, event) => {
    // A key without limits: ten minutes ago may be another day than the counted one.
    const { made } = await accepted(2, { apiKeyId: await rig.key() });
    const [task, twin] = made;
    if (task === undefined || twin === undefined) throw new Error('no task');
    // Both tasks get the same begin times; a poll after a long silence moves the deadline.
    await rig.sql(`update task set started_at = x.at, sent_at = x.at, deadline_at = x.at + interval '1 h', polled_at = x.at,
        hinted_at = x.at, next_poll_at = x.at + interval '2 s', send_deadline = x.at, submitted_at = x.at - interval '1 s'
      from (select date_trunc('milliseconds', now()) - interval '10 min' as at) x`);
    const now = rig.database.now();
    const [one, other] = await Promise.all([task, twin].map(async ({ id }) => (await rig.row(id)).on(event, now)));
    if (one == null || other == null) throw new Error('nothing changed');
    expect(covers(PROGRESS, one)).toBe(true);
    expect(await tasks.savePolled([one])).toEqual(new Set([task.id]));
    expect(await tasks.save([other])).toEqual(new Set([twin.id]));
    expect(await rig.row(task.id)).toEqual(one.task);
    expect(await storedOf(task.id)).toEqual(await storedOf(twin.id));
  });

  it('writes no index of the wide table, so its row can stay on its page', async () => {
    const [indexes] = await rig.sql<{ text: string }>(
      `select string_agg(pg_get_indexdef(indexrelid), ' ') as text from pg_index where indrelid = 'task'::regclass`,
    );
    const written = /update task t set (.*?)\n\s+from/s.exec(SAVE_PROGRESS.text)?.[1] ?? '';
    const columns = [...written.matchAll(/(?:^|,|\n)\s*([a-z_]+) =/g)].map(([, name]) => name);
    expect(columns).toEqual(expect.arrayContaining(['version', 'next_poll_at', 'seed']));
    // The status is in conditions of indexes; it changes once while a task runs.
    const indexed = columns.filter(
      (name) => name !== 'status' && new RegExp(`\\b${name}\\b`).test(indexes?.text ?? ''),
    );
    expect(indexed).toEqual([]);
  });

  it('ends the claim: the next poll is due by the pace of the task', async () => {
    const { made, upstreamId } = await accepted(1);
    await rig.passTime(60_000);
    const [claimed] = await due.claimDue(upstreamId, 100, 30_000);
    if (claimed === undefined) throw new Error('not claimed');
    const change = changeOf(claimed, seen({ progress: 30 }));
    await tasks.savePolled([change]);
    const [row] = await rig.sql<{ due_at: Date }>('select due_at from task_poll where task_id = $1', [made[0]?.id]);
    expect(row?.due_at).toEqual(change.task.nextPollAt);
  });

  it('skips a row that was changed concurrently, and saves the others', async () => {
    const { made } = await accepted(3);
    const changes = made.map((task) => changeOf(task, seen({ progress: 30 })));
    await rig.sql('update task set version = version + 1 where id = $1', [made[1]?.id]);
    expect(await tasks.savePolled(changes)).toEqual(new Set([made[0]?.id, made[2]?.id]));
    expect((await rig.row(made[1]?.id ?? '')).progress).toBe(0);
    expect(await rig.kinds(made[1]?.id ?? '')).not.toContain('progress');
  });

  it('leaves the next poll due now if a push came since the row was read', async () => {
    const { made, upstreamId } = await accepted(1);
    await rig.passTime(60_000);
    const [claimed] = await due.claimDue(upstreamId, 100, 30_000);
    if (claimed === undefined) throw new Error('not claimed');
    await due.hint(claimed.id, {});
    // Under the claim of a poller that may have stopped.
    expect((await due.claimDue(upstreamId, 100, 30_000)).map(({ id }) => id)).toEqual([made[0]?.id]);
    await tasks.savePolled([changeOf(claimed, seen({ progress: 30 }))]);
    expect((await due.claimDue(upstreamId, 100, 30_000)).map(({ id }) => id)).toEqual([made[0]?.id]);
    await tasks.savePolled([changeOf(await rig.row(claimed.id), seen({ progress: 40 }))]);
    expect(await due.claimDue(upstreamId, 100, 30_000)).toEqual([]);
  });

  it('does not cover a task that a look-up found, which is settled as well', async () => {
    const apiKeyId = await rig.key();
    const { opener } = await rig.replica();
    const opened = await opener.open(rig.request([await rig.addUpstream(1)], { apiKeyId }));
    if (opened.kind !== 'opened') throw new Error('not opened');
    const pace = { minMs: 2_000, random: Math.random };
    const snapshot = (seen({ progress: 10 }) as Extract<TaskEvent, { kind: 'snapshot' }>).snapshot;
    const found = changeOf(opened.task, { kind: 'found', source: 'reconciler', snapshot, pace, timeoutMs: 60_000 });
    expect(covers(PROGRESS, found)).toBe(false);
  });
});

describe('a locked task', () => {
  it.each([
    ['goes on', { progress: 30 } as const],
    ['has ended', { status: 'SUCCESS' } as const],
  ])('is skipped when a batch %s, and holds up no other', async (_, last) => {
    const { made } = await accepted(3);
    const changes = made.map((task, at) => changeOf(task, seen(at === 2 ? last : { progress: 30 })));
    const holder = new pg.Client({ connectionString: rig.url });
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('select from task where id = $1 for update', [made[0]?.id]);
      expect(await tasks.savePolled(changes)).toEqual(new Set([made[1]?.id, made[2]?.id]));
    } finally {
      await holder.end();
    }
    expect((await rig.row(made[0]?.id ?? '')).version).toBe(1);
  });
});

describe('a batch in which one task has ended', () => {
  it('is still saved in one statement, and that task is polled no more', async () => {
    const { made } = await accepted(2);
    const [going, ended] = made.map((task, at) =>
      changeOf(task, seen(at === 0 ? { progress: 30 } : { status: 'SUCCESS' })),
    );
    if (going === undefined || ended === undefined) throw new Error('no change');
    const run = jest.spyOn(rig.database, 'run');
    await tasks.savePolled([going, ended]);
    expect(run).toHaveBeenCalledTimes(1);
    run.mockRestore();
    expect(await rig.row(going.task.id)).toMatchObject({ progress: 30 });
    expect(await rig.row(ended.task.id)).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.sql('select task_id from task_poll')).toEqual([{ task_id: going.task.id }]);
  });
});

describe('batches of the same tasks in different orders', () => {
  it('never deadlock', async () => {
    const { made } = await accepted(40);
    const savers = await Promise.all(
      [0, 1, 2].map(async () => {
        const client = new pg.Client({ connectionString: rig.url });
        await client.connect();
        await client.query("set deadlock_timeout = '20ms'");
        return client;
      }),
    );
    try {
      for (let round = 1; round <= 20; round += 1) {
        const read = await Promise.all(made.map(({ id }) => rig.row(id)));
        const saved = await Promise.all(
          savers.map(async (client, order) => {
            const some =
              order === 0 ? read : order === 1 ? [...read].reverse() : [...read.slice(20), ...read.slice(0, 20)];
            const changes = some.map((task) =>
              changeOf(
                Object.assign(Object.create(Object.getPrototypeOf(task) as object), task) as Task,
                seen({ progress: round }),
              ),
            );
            const { rows } = await client.query<{ id: string }>(
              SAVE_PROGRESS.text,
              valuesOf(SAVE_PROGRESS, toProgressArrays(changes)),
            );
            return rows.map(({ id }) => id);
          }),
        );
        // Each task is saved by one batch at most; tasks that all batches skipped as locked are polled again.
        expect(new Set(saved.flat()).size).toBe(saved.flat().length);
        expect(saved.flat().length).toBeGreaterThan(0);
      }
    } finally {
      for (const client of savers) await client.end();
    }
  });
});
