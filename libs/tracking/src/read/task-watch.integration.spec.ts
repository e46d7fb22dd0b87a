import { databaseScheduler } from '#libs/database';
import { seen } from '../../test/an-event.js';
import { TrackingRig } from '../../test/tracking-rig.js';
import { TaskRepository } from '../store/task.repository.js';
import type { Task } from '../task/task.entity.js';
import { TaskWatch } from './task-watch.js';

describe('watching tasks', () => {
  let rig: TrackingRig;
  /** One replica watches, another one saves. */
  let here: TaskRepository;
  let elsewhere: TaskRepository;
  let watch: TaskWatch;
  let statements: jest.SpyInstance;

  beforeAll(async () => void (rig = await TrackingRig.open()));
  afterAll(() => rig.close());

  beforeEach(() => {
    here = new TaskRepository(rig.database);
    elsewhere = new TaskRepository(rig.database);
    watch = new TaskWatch(databaseScheduler(rig.database), here);
    statements = jest.spyOn(rig.database, 'run');
  });
  afterEach(async () => {
    statements.mockRestore();
    watch.onModuleDestroy();
    await rig.reset();
  });

  const accepted = async (n: number): Promise<Task[]> => {
    const key = await rig.key();
    return rig.accepted(n, await rig.addUpstream(n), { apiKeyId: key });
  };
  const move = async (
    task: Task,
    tasks: TaskRepository,
    status: 'IN_PROGRESS' | 'SUCCESS' = 'IN_PROGRESS',
  ): Promise<void> => {
    const change = task.on(
      seen({ upstreamTaskId: task.upstreamTaskId ?? '', status, progress: 10 }),
      rig.database.now(),
    );
    expect(await tasks.save(change === null ? [] : [change])).toEqual(new Set([task.id]));
  };
  const wait = ({ id, version }: Task, more: Partial<Parameters<TaskWatch['wait']>[0]> = {}): Promise<boolean> =>
    watch.wait({ id, version, for: 'change', ms: 60_000, signal: new AbortController().signal, ...more });
  const watchStatements = (): unknown[] =>
    statements.mock.calls.filter(([{ name }]: [{ name: string }]) => name === 'task_watch');

  it('costs one statement however many requests wait, and none when no request waits', async () => {
    await watch.readWatched();
    expect(watchStatements()).toEqual([]);
    const tasks = await accepted(5);
    const waits = tasks.flatMap((task) => Array.from({ length: 20 }, () => wait(task)));
    await watch.readWatched();
    expect(watchStatements()).toHaveLength(1);
    for (const task of tasks) await move(task, elsewhere);
    await watch.readWatched();
    expect(await Promise.all(waits)).toEqual(Array(100).fill(true));
    expect(watchStatements()).toHaveLength(2);
    await watch.readWatched();
    expect(watchStatements()).toHaveLength(2);
  });

  it('wakes at once for changes that its own replica saves', async () => {
    const [task] = await accepted(1);
    if (task === undefined) throw new Error('no task');
    const waiting = wait(task);
    await move(task, here);
    expect(await waiting).toBe(true);
    expect(watchStatements()).toEqual([]);
  });

  it('does not wake for a version that is known already', async () => {
    const [task] = await accepted(1);
    if (task === undefined) throw new Error('no task');
    const waiting = wait(task, { ms: 50 });
    await watch.readWatched();
    expect(await waiting).toBe(false);
  });

  it('waits for the end across earlier changes', async () => {
    const [task] = await accepted(1);
    if (task === undefined) throw new Error('no task');
    let isOver = false;
    const ended = wait(task, { for: 'end' }).then((happened) => (isOver = happened));
    await move(task, here);
    await watch.readWatched();
    expect(isOver).toBe(false);
    await move(task, here, 'SUCCESS');
    expect(await ended).toBe(true);
  });

  it('ends when the client leaves, and at shutdown, and leaves nothing behind', async () => {
    const [task] = await accepted(1);
    if (task === undefined) throw new Error('no task');
    const client = new AbortController();
    const left = wait(task, { signal: client.signal });
    const kept = wait(task);
    let hasLeft = 0;
    watch.onClosing(() => (hasLeft += 1));
    watch.onClosing(() => (hasLeft += 1))();
    client.abort();
    expect(await left).toBe(false);
    expect(watch.size).toBe(1);
    watch.onModuleDestroy();
    expect(await kept).toBe(false);
    expect([watch.size, watch.isClosed, hasLeft]).toEqual([0, true, 1]);
    expect(await wait(task)).toBe(false);
  });
});
