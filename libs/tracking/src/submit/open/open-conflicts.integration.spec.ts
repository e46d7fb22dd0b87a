import { randomInt } from 'node:crypto';
import { OUTCOMES, settled } from '../../../test/an-event.js';
import { OPTIONS } from '../../../test/replica.js';
import { useRig } from '../../../test/use-tracking.js';
import type { NewTask } from '../../task/new-task.js';
import type { Opened } from '../../store/open-verdict.js';
import { TaskOpener } from './task-opener.js';
import { TaskRepository } from '../../store/task.repository.js';

jest.mock('node:crypto', () => {
  const actual = jest.requireActual<typeof import('node:crypto')>('node:crypto');
  return { ...actual, randomInt: jest.fn(actual.randomInt) };
});

const rig = useRig();
let opener: TaskOpener;
beforeEach(() => {
  opener = new TaskOpener(rig.database, OPTIONS);
});

const idempotency = (key: string, print = 'print'): Partial<NewTask> => ({ idempotency: { route: 'r', key, print } });

/** Opens all tasks at once: the first alone, the others in one batch. */
async function openAll(newTasks: readonly Partial<NewTask>[], slots = 50): Promise<Opened['kind'][]> {
  const up = await rig.addUpstream(slots);
  const results = await Promise.allSettled(newTasks.map((newTask) => opener.open(rig.request([up], newTask))));
  return results.map((result) => (result.status === 'fulfilled' ? result.value.kind : ('thrown' as never)));
}

describe('an Idempotency-Key', () => {
  it('that was used leads to a replay and no other effect', async () => {
    const apiKeyId = await rig.key({ balance: 10 });
    await openAll([{ apiKeyId, ...idempotency('a') }]);
    const kinds = await openAll([{ apiKeyId }, { apiKeyId }, { apiKeyId, ...idempotency('a') }, { apiKeyId }]);
    expect(kinds).toEqual(['opened', 'opened', 'replay', 'opened']);
    expect(await rig.balance(apiKeyId)).toBe(9.6);
  });

  it('that comes fifty times at once, on two replicas, opens one task', async () => {
    const apiKeyId = await rig.key({ balance: 10 });
    const up = await rig.addUpstream(50);
    const openers = [opener, new TaskOpener(rig.database, OPTIONS)];
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        openers[at % 2]?.open(rig.request([up], { apiKeyId, ...idempotency('a') })),
      ),
    );
    expect(results.filter((result) => result?.kind === 'opened')).toHaveLength(1);
    expect(results.filter((result) => result?.kind === 'replay')).toHaveLength(49);
    expect(await rig.count('task')).toBe(1);
    expect(await rig.balance(apiKeyId)).toBe(9.9);
  });

  it('of another key or another route is independent', async () => {
    const [one, two] = [await rig.key(), await rig.key()];
    expect(await openAll([{ apiKeyId: one, ...idempotency('a') }])).toEqual(['opened']);
    expect(await openAll([{ apiKeyId: two, ...idempotency('a') }])).toEqual(['opened']);
    expect(await openAll([{ apiKeyId: one, idempotency: { route: 'other', key: 'a', print: 'p' } }])).toEqual([
      'opened',
    ]);
  });

  it('is free again after a refusal', async () => {
    const apiKeyId = await rig.key();
    await openAll([{ apiKeyId, ...idempotency('a') }]);
    const [task] = await rig.rows();
    const change = task?.on(settled(OUTCOMES.refused), rig.database.now()) ?? null;
    if (change !== null) await new TaskRepository(rig.database).save([change]);
    expect(await openAll([{ apiKeyId, ...idempotency('a') }])).toEqual(['opened']);
  });
});

describe('the same upscale again', () => {
  it('is a repeat and has no other effect', async () => {
    const apiKeyId = await rig.key({ balance: 10 });
    await openAll([{ apiKeyId, repeatKey: 'p:upscale:1' }]);
    const newTasks = [{ apiKeyId }, { apiKeyId, repeatKey: 'p:upscale:1' }, { apiKeyId, repeatKey: 'p:upscale:2' }];
    expect(await openAll(newTasks)).toEqual(['opened', 'repeat', 'opened']);
    expect(await rig.balance(apiKeyId)).toBe(9.7);
  });

  it('within one batch is opened once', async () => {
    const apiKeyId = await rig.key();
    const twice = { apiKeyId, repeatKey: 'p:upscale:1' };
    expect((await openAll([{ apiKeyId }, twice, twice, twice])).sort()).toEqual([
      'opened',
      'opened',
      'repeat',
      'repeat',
    ]);
  });

  it.each([
    ['FAILURE', 'opened'],
    ['CANCEL', 'opened'],
    ['SUCCESS', 'repeat'],
  ] as const)('after %s is %s', async (status, kind) => {
    const apiKeyId = await rig.key();
    await openAll([{ apiKeyId, repeatKey: 'p:upscale:1', price: '0' }]);
    const failCode = { FAILURE: 'timeout', CANCEL: 'cancelled', SUCCESS: null }[status];
    await rig.sql(
      `with freed as (update upstream_load set running = 0)
       update task set status = $1, progress = 100, finished_at = now(), fail_code = $2, has_slot = false,
         is_counted = false`,
      [status, failCode],
    );
    expect(await openAll([{ apiKeyId, repeatKey: 'p:upscale:1', price: '0' }])).toEqual([kind]);
  });
});

describe('a new id that is taken', () => {
  it('is drawn again, also in a batch', async () => {
    const apiKeyId = await rig.key({ balance: 10 });
    const draws = [7, 1, 2, 7, 3, 4];
    jest.mocked(randomInt).mockImplementation(() => draws.shift() ?? 99);
    const up = await rig.addUpstream(50);
    const first = await opener.open(rig.request([up], { apiKeyId }));
    const later = await Promise.all([1, 2, 3].map(() => opener.open(rig.request([up], { apiKeyId }))));
    // The date part of an id ends in zeros.
    const draw = (result: Opened): string => ('task' in result ? result.task.id.slice(-1) : result.kind);
    expect([first, ...later].map(draw)).toEqual(['7', '1', '2', '3']);
    expect(await rig.balance(apiKeyId)).toBe(9.6);
  });

  it('at every draw is an error after five draws', async () => {
    const apiKeyId = await rig.key();
    jest.mocked(randomInt).mockImplementation(() => 1);
    const up = await rig.addUpstream(50);
    expect((await opener.open(rig.request([up], { apiKeyId }))).kind).toBe('opened');
    await expect(opener.open(rig.request([up], { apiKeyId }))).rejects.toMatchObject({ constraint: 'task_pkey' });
    expect(await rig.count('task')).toBe(1);
  });
  afterEach(() => {
    const actual = jest.requireActual<typeof import('node:crypto')>('node:crypto');
    jest.mocked(randomInt).mockImplementation(actual.randomInt);
  });
});

describe('a task that cannot be stored', () => {
  it('fails alone: the rest of its batch is opened', async () => {
    const apiKeyId = await rig.key({ balance: 10 });
    const kinds = await openAll([
      { apiKeyId },
      { apiKeyId },
      { apiKeyId, prompt: 'a\u0000b' },
      { apiKeyId, parentId: '1' },
      { apiKeyId },
    ]);
    expect(kinds).toEqual(['opened', 'opened', 'thrown', 'thrown', 'opened']);
    expect(await rig.balance(apiKeyId)).toBe(9.7);
  });
});
