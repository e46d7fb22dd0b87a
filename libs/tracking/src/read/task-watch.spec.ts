import type { JobScheduler } from '#libs/runtime';
import type { TaskRepository } from '../store/task.repository.js';
import type { TaskHead } from '../task/task-head.js';
import { TaskWatch, type Follow } from './task-watch.js';

/** Many tasks that one request follows. */
describe('following tasks', () => {
  let watch: TaskWatch;
  /** What the database says of each task that is asked for. */
  let heads: TaskHead[];
  let asked: string[][];
  let changed: string[];
  let follow: Follow;

  beforeEach(() => {
    heads = [];
    asked = [];
    changed = [];
    const tasks = {
      onSaved: () => undefined,
      heads: (ids: string[]) => {
        asked.push(ids);
        return Promise.resolve(heads);
      },
    };
    watch = new TaskWatch({ add: () => undefined } as unknown as JobScheduler, tasks as unknown as TaskRepository);
    follow = watch.follow((id) => changed.push(id));
  });

  const head = (id: string, version: number, status: TaskHead['status'] = 'IN_PROGRESS'): TaskHead => ({
    id,
    version,
    status,
  });

  it('tells a change once, and the next one only of what is followed anew', () => {
    follow.add('1', 3);
    watch.notify(head('1', 3));
    expect(changed).toEqual([]);
    watch.notify(head('1', 4));
    watch.notify(head('1', 5));
    expect(changed).toEqual(['1']);
    follow.add('1', 5);
    watch.notify(head('1', 6));
    expect(changed).toEqual(['1', '1']);
  });

  it('knows a task by the version that it was added with last', () => {
    follow.add('1', 3);
    follow.add('1', 7);
    watch.notify(head('1', 6));
    expect(changed).toEqual([]);
    expect(watch.size).toBe(1);
  });

  it('is read together with what others follow and wait for, each task once', async () => {
    const others: string[] = [];
    const other = watch.follow((id) => others.push(id));
    follow.add('1', 1);
    follow.add('2', 1);
    other.add('2', 1);
    heads = [head('2', 2)];
    await watch.readWatched();
    expect(asked).toEqual([['1', '2']]);
    expect([changed, others]).toEqual([['2'], ['2']]);
    other.end();
    expect(watch.size).toBe(1);
  });

  it('leaves nothing behind of tasks that are dropped, nor when it ends', () => {
    for (const id of ['1', '2', '3']) follow.add(id, 1);
    follow.drop('2');
    follow.drop('2');
    expect(watch.size).toBe(2);
    watch.notify(head('2', 9));
    expect(changed).toEqual([]);
    follow.end();
    expect(watch.size).toBe(0);
    watch.notify(head('1', 9));
    expect(changed).toEqual([]);
  });

  it('ends at shutdown without a word, and takes nothing more', () => {
    follow.add('1', 1);
    watch.onModuleDestroy();
    expect([watch.size, changed]).toEqual([0, []]);
    follow.add('2', 1);
    expect(watch.size).toBe(0);
  });
});
