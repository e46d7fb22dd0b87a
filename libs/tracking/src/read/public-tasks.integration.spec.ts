import { jest } from '@jest/globals';
import { useRig } from '../../test/use-tracking.js';
import { PublicTasks } from './public-tasks.js';
import { TaskRepository } from '../store/task.repository.js';
import { toTaskView } from '../task/task-view.js';

const BASE = 'https://gateway.test';
const idOf = (n: number): string => String(6_240_000_000_000_000 + n);

describe('concurrent fetches', () => {
  // Stands before the rig, so that it runs before the rig is emptied.
  afterEach(() => {
    jest.restoreAllMocks();
  });
  const rig = useRig();
  let tasks: PublicTasks;

  beforeAll(() => {
    tasks = new PublicTasks(rig.database);
  });

  /** Finished tasks 1…count of a key. */
  async function stock(key: string, first: number, count: number): Promise<void> {
    await rig.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, status, progress, base_url, prompt, refused, finished_at)
       select 6240000000000000 + n, $1::bigint, 'IMAGINE', 'FAST', 'MID_JOURNEY', 'SUCCESS', 100, '', 'number ' || n, n % 10 = 0, now()
       from generate_series($2::int, $3::int) n`,
      [key, first, first + count - 1],
    );
  }

  it('share statements, and each gets its own task', async () => {
    const key = await rig.key();
    await stock(key, 1, 9);
    const run = jest.spyOn(rig.database, 'run');
    const found = await Promise.all([1, 2, 3, 3, 9].map((n) => tasks.find(idOf(n), key)));
    expect(found.map((task) => task?.prompt)).toEqual(['number 1', 'number 2', 'number 3', 'number 3', 'number 9']);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("get no task that is another key's, refused or unknown, whatever shares the statement", async () => {
    const [key, other] = [await rig.key(), await rig.key()];
    await stock(key, 1, 10);
    await stock(other, 11, 9);
    const found = await Promise.all([
      tasks.find(idOf(1), key),
      tasks.find(idOf(1), other),
      tasks.find(idOf(11), key),
      tasks.find(idOf(11), other),
      tasks.find(idOf(10), key),
      tasks.find(idOf(99), key),
    ]);
    expect(found.map((task) => task?.id ?? null)).toEqual([idOf(1), null, null, idOf(11), null, null]);
  });

  it('show the same as the whole row would', async () => {
    const key = await rig.key();
    await stock(key, 1, 1);
    const shown = await tasks.find(idOf(1), key);
    const {
      tasks: [many],
    } = await tasks.findMany([idOf(1)], key);
    const whole = await new TaskRepository(rig.database).find(idOf(1), key);
    if (shown === null || many === undefined || whole === null) throw new Error('it is not there');
    expect(JSON.stringify(toTaskView(shown, BASE))).toBe(JSON.stringify(toTaskView(whole, BASE)));
    expect(JSON.stringify(toTaskView(many, BASE))).toBe(JSON.stringify(toTaskView(whole, BASE)));
  });

  it('all fail when Postgres is unavailable, and later ones are tried again', async () => {
    const key = await rig.key();
    await stock(key, 1, 2);
    jest.spyOn(rig.database, 'run').mockRejectedValueOnce(new Error('away'));
    const failed = await Promise.allSettled([tasks.find(idOf(1), key), tasks.find(idOf(2), key)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await tasks.find(idOf(1), key)).toMatchObject({ prompt: 'number 1' });
  });
});
