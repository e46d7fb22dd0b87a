import { randomBytes } from 'node:crypto';
import type { UpstreamTarget } from '#libs/upstream';
import { aWaitingTask } from '../../../test/a-task.js';
import { useRig } from '../../../test/use-tracking.js';
import { toInput } from '../../task/stored-command.js';
import type { Task } from '../../task/task.entity.js';
import { DueTaskRepository } from '../../store/due-task.repository.js';
import { COMMAND } from '../../../test/tracking-rig.js';

const MINUTE = 60_000;

const rig = useRig();
let tasks: DueTaskRepository;
let lastId = 0;
beforeAll(() => {
  tasks = new DueTaskRepository(rig.database);
});

/** A waiting task that was submitted `ageMs` ago. */
function aged(apiKeyId: string, ageMs: number, overrides: Partial<Task> = {}): Task {
  return aWaitingTask({
    id: String(6_000_000_000_000_000 + (lastId += 1)),
    apiKeyId,
    submittedAt: new Date(rig.database.now().getTime() - ageMs),
    isCounted: false,
    cost: '0',
    ...overrides,
  });
}

async function target(slots: number, overrides: Partial<UpstreamTarget> = {}): Promise<UpstreamTarget> {
  const { id } = await rig.addUpstream(slots);
  const found = (await rig.replica()).upstreams.find(id);
  if (found === null) throw new Error('no upstream');
  return { ...found, ...overrides };
}

/** The prompts of the tasks that an upstream takes, in order. */
async function taken(up: UpstreamTarget, limit = 16): Promise<string[]> {
  return (await tasks.dispatch(up, limit, false)).map(({ task }) => task.prompt);
}

describe('the order of service', () => {
  it('is TURBO, then FAST, then RELAX, and the oldest of each', async () => {
    const key = await rig.key();
    await rig.store(
      aged(key, 3_000, { mode: 'RELAX', prompt: 'relax' }),
      aged(key, 1_000, { mode: 'TURBO', prompt: 'turbo young' }),
      aged(key, 2_000, { mode: 'TURBO', prompt: 'turbo old' }),
      aged(key, 3_000, { mode: 'FAST', prompt: 'fast' }),
    );
    expect(await taken(await target(10))).toEqual(['turbo old', 'turbo young', 'fast', 'relax']);
  });

  it('lifts a task by one class for every ten minutes of waiting', async () => {
    const key = await rig.key();
    await rig.store(
      aged(key, MINUTE, { mode: 'TURBO', prompt: 'turbo' }),
      aged(key, 9 * MINUTE, { mode: 'FAST', prompt: 'fast' }),
      aged(key, 11 * MINUTE, { mode: 'FAST', prompt: 'fast lifted' }),
      aged(key, 12 * MINUTE, { mode: 'RELAX', prompt: 'relax lifted' }),
      aged(key, 21 * MINUTE, { mode: 'RELAX', prompt: 'relax lifted twice' }),
      aged(key, 8 * MINUTE, { mode: 'RELAX', prompt: 'relax' }),
    );
    const order = ['relax lifted twice', 'fast lifted', 'turbo', 'relax lifted', 'fast', 'relax'];
    expect(await taken(await target(10))).toEqual(order);
  });

  it('alternates between keys, however many tasks one of them has waiting', async () => {
    const [greedy, modest] = [await rig.key(), await rig.key()];
    await rig.store(
      ...[9, 8, 7, 6].map((age) => aged(greedy, age * 1_000, { prompt: `greedy ${age}` })),
      ...[2, 1].map((age) => aged(modest, age * 1_000, { prompt: `modest ${age}` })),
    );
    expect(await taken(await target(5))).toEqual(['greedy 9', 'modest 2', 'greedy 8', 'modest 1', 'greedy 7']);
  });

  it('alternates between keys when slots become free one at a time', async () => {
    const [greedy, modest] = [await rig.key(), await rig.key()];
    await rig.store(
      ...[9, 8, 7].map((age) => aged(greedy, age * 1_000, { prompt: `greedy ${age}` })),
      ...[2, 1].map((age) => aged(modest, age * 1_000, { prompt: `modest ${age}` })),
    );
    const up = await target(10);
    const order: string[] = [];
    for (let at = 0; at < 5; at += 1) order.push(...(await taken(up, 1)));
    expect(order).toEqual(['greedy 9', 'modest 2', 'greedy 8', 'modest 1', 'greedy 7']);
  });
});

describe('a dispatched task', () => {
  it('counts as being sent, with a slot and its input', async () => {
    const [task] = await rig.store(aged(await rig.key(), 1_000, { waitUntil: new Date(0), sendAttempt: 2 }));
    const body = toInput(COMMAND);
    await rig.sql('insert into task_input (task_id, api_key_id, body, bytes) values ($1, $2, $3, 9)', [
      task?.id,
      task?.apiKeyId,
      body,
    ]);
    const up = await target(1);
    const [sent] = await tasks.dispatch(up, 16, false);
    expect(sent?.body).toEqual(body);
    expect(sent?.task).toEqual(await rig.row(task?.id ?? ''));
    expect(sent?.task).toMatchObject({ waiting: false, waitUntil: null, upstreamId: up.id, hasSlot: true });
    expect(sent?.task).toMatchObject({ sendAttempt: 3, version: 1, status: 'NOT_START' });
    expect(Number(sent?.task.sendDeadline) - Number(sent?.task.sentAt)).toBe(up.submitTimeoutMs);
    expect(sent?.task.lookUpAt).not.toBeNull();
    expect(await rig.running(up.id)).toBe(1);
    expect(await rig.timeline(task?.id ?? '')).toMatchObject([{ kind: 'dispatched', version: 1 }]);
  });

  it('has its input read in parts when it is long', async () => {
    const [task] = await rig.store(aged(await rig.key(), 1_000));
    const body = randomBytes(5 * 1024 * 1024 + 1);
    await rig.sql(
      'insert into task_input (task_id, api_key_id, body, bytes) values ($1, $2, $3::bytea, length($3::bytea))',
      [task?.id, task?.apiKeyId, body],
    );
    const [sent] = await tasks.dispatch(await target(1), 16, false);
    expect(sent).toMatchObject({ body: null, longBytes: body.length });
    expect((await tasks.longInput(sent?.task.id ?? '', body.length))?.equals(body)).toBe(true);
    await rig.sql('delete from task_input');
    expect(await tasks.longInput(sent?.task.id ?? '', body.length)).toBeNull();
  });

  it('reports that its input is gone', async () => {
    await rig.store(aged(await rig.key(), 1_000));
    expect((await tasks.dispatch(await target(1), 16, false))[0]?.body).toBeNull();
  });

  it('is never one whose back-off is not over', async () => {
    const key = await rig.key();
    const soon = new Date(rig.database.now().getTime() + MINUTE);
    await rig.store(
      aged(key, 2_000, { waitUntil: soon, prompt: 'later' }),
      aged(key, 1_000, { waitUntil: new Date(0), prompt: 'now' }),
    );
    const up = await target(5);
    expect(await taken(up)).toEqual(['now']);
    await rig.sql('update task set wait_until = now() where waiting');
    expect(await taken(up)).toEqual(['later']);
  });

  it("is a follow-up only where its parent's upstream is", async () => {
    const key = await rig.key();
    const [one, two] = [await target(5), await target(5)];
    await rig.store(
      aged(key, 3_000, { upstreamId: one.id, prompt: 'sticky to one' }),
      aged(key, 2_000, { upstreamId: two.id, prompt: 'sticky to two' }),
      aged(key, 1_000, { prompt: 'free' }),
    );
    expect(await taken(two)).toEqual(['sticky to two', 'free']);
    expect(await taken(one)).toEqual(['sticky to one']);
  });

  it('is one that the upstream supports', async () => {
    const key = await rig.key();
    await rig.store(
      aged(key, 4_000, { mode: 'RELAX', prompt: 'relax' }),
      aged(key, 3_000, { action: 'BLEND', prompt: 'blend' }),
      aged(key, 2_000, { prompt: 'fits' }),
    );
    const up = await target(5, { modes: ['FAST', 'TURBO'], actions: ['IMAGINE'] });
    expect(await taken(up)).toEqual(['fits']);
  });
});

describe('the number of dispatched tasks', () => {
  it('is the number of free slots, up to the given limit', async () => {
    const key = await rig.key();
    await rig.store(...Array.from({ length: 9 }, () => aged(key, 1_000)));
    const up = await target(5);
    expect(await taken(up, 2)).toHaveLength(2);
    expect(await taken(up)).toHaveLength(3);
    expect(await taken(up)).toHaveLength(0);
    expect(await rig.running(up.id)).toBe(5);
  });

  it('is zero at an upstream above its lowered limit', async () => {
    const key = await rig.key();
    await rig.store(aged(key, 1_000), aged(key, 1_000));
    const up = await target(1);
    await taken(up);
    expect(await taken(up)).toEqual([]);
  });

  it('never exceeds the slots, with concurrent dispatches and opens', async () => {
    const key = await rig.key();
    for (let round = 0; round < 8; round += 1) {
      await rig.store(...Array.from({ length: 12 }, () => aged(key, 1_000)));
      const up = await target(7);
      const { opener } = await rig.replica();
      const [opened, ...batches] = await Promise.all([
        Promise.all([1, 2, 3].map(() => opener.open(rig.request([up].map(asCandidate), { apiKeyId: key })))),
        ...Array.from({ length: 6 }, () => tasks.dispatch(up, 4, false)),
      ]);
      const sent = batches.flat().map(({ task }) => task.id);
      expect(new Set(sent).size).toBe(sent.length);
      const direct = opened.filter(({ kind }) => kind === 'opened').length;
      expect(await rig.running(up.id)).toBe(sent.length + direct);
      expect(sent.length + direct).toBeLessThanOrEqual(7);
    }
  });
});

function asCandidate({ id }: UpstreamTarget): { id: string; priority: number; weight: number } {
  return { id, priority: 0, weight: 1 };
}
