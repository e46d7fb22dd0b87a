import type { Statement } from '#libs/database';
import { useRig } from '../../test/use-tracking.js';
import { PublicTasks } from './public-tasks.js';
import { LIST_OWN, SCAN_LIMIT, QUEUE_OWN, type PageIndex } from '../store/reads/page.js';
import { TaskRepository } from '../store/task.repository.js';
import type { PagePosition, TaskFilter } from './task-page.js';

const ANY: TaskFilter = { status: null, action: null, mode: null, state: null };

describe('lists of a key', () => {
  const rig = useRig();
  /**
   * The generic plan of a statement, as text. With values the statement is run, and the plan contains its row counts.
   */
  function planOf({ text }: Statement, given: string | null = null): Promise<string> {
    const values = given ?? Array.from({ length: new Set(text.match(/\$\d+/g)).size }, () => 'null').join(', ');
    const how = given === null ? 'costs off' : 'analyze, costs off, timing off, summary off';
    return rig.database.transaction('http', async (runner) => {
      const ask = <Row extends object>(question: string): Promise<Row[]> =>
        runner.run<Row>({ name: '', pool: 'http', text: question });
      await ask(`prepare planned as ${text}`);
      const rows = await ask<{ 'QUERY PLAN': string }>(`explain (${how}) execute planned (${values})`);
      await ask('deallocate planned');
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
  }

  it('show each waiting task at the same queue position in every read', async () => {
    const [key, other] = [await rig.key(), await rig.key()];
    // Two keys alternate, and all tasks are submitted within one millisecond.
    await rig.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, status, progress, base_url, submitted_at, waiting)
       select 6240000000000000 + n, case when n % 2 = 0 then $1::bigint else $2::bigint end, 'IMAGINE', 'FAST',
         'MID_JOURNEY', 'NOT_START', 0, '', date_trunc('second', now()), n < 9 from generate_series(1, 10) n`,
      [key, other],
    );
    const tasks = new PublicTasks(rig.database);
    const queuePositionsOf = (found: { id: string; queuePosition: number | null }[]): Record<string, number | null> =>
      Object.fromEntries(found.map(({ id, queuePosition }) => [Number(id) % 100, queuePosition]));
    const ids = Array.from({ length: 10 }, (_, n) => `62400000000000${String(n + 1).padStart(2, '0')}`);
    const single = (await Promise.all(ids.map((id) => tasks.find(id, key)))).filter((task) => task !== null);
    expect(queuePositionsOf(single)).toEqual({ 2: 1, 4: 3, 6: 5, 8: 7, 10: null });
    expect(queuePositionsOf((await tasks.findMany(ids, key)).tasks)).toEqual(queuePositionsOf(single));
    const tasksOf = ({ tasks: found }: { tasks: { task: (typeof single)[number] }[] }): typeof single =>
      found.map(({ task }) => task);
    expect(queuePositionsOf(tasksOf(await tasks.queue(key, null, 100)))).toEqual(queuePositionsOf(single));
    expect(queuePositionsOf(tasksOf(await tasks.list(key, ANY, null, 100)))).toEqual(queuePositionsOf(single));
  });

  it('count only tasks that wait for the same upstreams', async () => {
    const key = await rig.key();
    const [any, relaxed, describer, off] = await Promise.all([1, 1, 1, 1].map((slots) => rig.addUpstream(slots)));
    await rig.sql(
      `update upstream u set modes = given.modes, actions = given.actions, enabled = given.id <> $4::bigint
       from (values ($1::bigint, array['FAST', 'TURBO'], array['IMAGINE', 'UPSCALE']), ($2, array['RELAX'], null),
         ($3, null, array['DESCRIBE']), ($4, null, null)) as given (id, modes, actions)
       where u.id = given.id`,
      [any?.id, relaxed?.id, describer?.id, off?.id],
    );
    await rig.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, status, progress, base_url, submitted_at, waiting, upstream_id)
       select 6240000000000000 + n, $1::bigint, w.action, w.mode, 'MID_JOURNEY', 'NOT_START', 0, '',
         date_trunc('second', now()) + n * interval '1 ms', true, w.upstream
       from (values (1, 'IMAGINE', 'FAST', null), (2, 'IMAGINE', 'RELAX', null), (3, 'DESCRIBE', 'RELAX', null),
         (4, 'DESCRIBE', 'FAST', null), (5, 'IMAGINE', 'FAST', null), (6, 'UPSCALE', 'FAST', $2::bigint),
         (7, 'IMAGINE', 'RELAX', null), (8, 'UPSCALE', 'FAST', $3::bigint), (9, 'BLEND', 'FAST', null),
         (10, 'BLEND', 'FAST', null)) as w (n, action, mode, upstream)`,
      [key, any?.id, off?.id],
    );
    const tasks = new PublicTasks(rig.database);
    const ids = Array.from({ length: 10 }, (_, n) => `62400000000000${String(n + 1).padStart(2, '0')}`);
    // Task 3 fits two upstreams, so it is in both queues; task 8 waits for a disabled one; no upstream takes 9 and 10.
    const places = { 1: 0, 2: 0, 3: 2, 4: 0, 5: 1, 6: 2, 7: 2, 8: 0, 9: 0, 10: 1 };
    const queue = await tasks.queue(key, null, 100);
    expect(
      Object.fromEntries(queue.tasks.map(({ task: { id, queuePosition } }) => [Number(id) % 100, queuePosition])),
    ).toEqual(places);
    const repository = new TaskRepository(rig.database);
    for (const id of ids) {
      const [found, task] = [await tasks.find(id, key), await repository.find(id, key)];
      const place = places[(Number(id) % 100) as keyof typeof places];
      expect([found?.queuePosition, task === null ? null : await repository.countAhead(task)]).toEqual([place, place]);
    }
  });

  it('scan their index from the end of the page before', async () => {
    const key = await rig.key();
    await rig.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, status, progress, base_url, submitted_at, finished_at)
       select 6240000000000000 + n, $1::bigint, 'IMAGINE', 'FAST', 'MID_JOURNEY', case when n % 100 = 0 then 'SUBMITTED' else 'SUCCESS' end,
         case when n % 100 = 0 then 0 else 100 end, '', now() - n * interval '1 second', case when n % 100 = 0 then null else now() end
       from generate_series(1, 5000) n`,
      [key],
    );
    await rig.sql('analyze task');
    const page = await planOf(LIST_OWN.newest);
    expect(page).toMatch(/Index Scan using task_of_key/);
    expect(page).toMatch(/Index Cond: .*ROW\(submitted_at, id\) </);
    expect(page).not.toMatch(/Seq Scan on task|Sort Key: task\.submitted_at/);
    expect(await planOf(QUEUE_OWN)).toMatch(/Index Scan using task_unfinished/);
  });

  describe('of many tasks', () => {
    let key: string;
    let tasks: PublicTasks;
    /** 12,000 successes, every 4,000th of another kind, all within a second. */
    beforeEach(async () => {
      key = await rig.key();
      tasks = new PublicTasks(rig.database);
      await rig.sql(
        `insert into task (id, api_key_id, action, mode, bot_type, status, progress, base_url, submitted_at, finished_at, state, refused,
           fail_code)
         select 6240000000000000 + n, $1::bigint, case when rare then 'BLEND' else 'IMAGINE' end, case when rare then 'RELAX' else 'FAST' end,
           'MID_JOURNEY', case when rare then 'FAILURE' else 'SUCCESS' end, 100, '', date_trunc('second', now() - interval '1 s') + n * interval '10 us', now(),
           case when rare then 'needle' when n % 2 = 0 then 'hay' else '' end, n > 11990, case when rare then 'timeout' end
         from generate_series(1, 12000) n cross join lateral (select n % 4000 = 1) r (rare)`,
        [key],
      );
      await rig.sql('analyze task');
    });

    async function all(filter: Partial<TaskFilter>, limit = 250): Promise<{ ids: number[]; pieces: number }> {
      const ids: number[] = [];
      for (let after: PagePosition | null = null, pieces = 1; ; pieces += 1) {
        const { tasks: found, next } = await tasks.list(key, { ...ANY, ...filter }, after, limit);
        ids.push(...found.map(({ task }) => Number(task.id) % 1_000_000));
        if (next === null) return { ids, pieces };
        after = next;
      }
    }

    const RARE = [8001, 4001, 1];
    it.each<[string, Partial<TaskFilter>, number]>([
      ['its state', { state: 'needle' }, 1],
      ['having failed', { status: 'FAILURE' }, 1],
      ['state, status, action and mode', { state: 'needle', status: 'FAILURE', action: 'BLEND', mode: 'RELAX' }, 1],
      ['its action, by looking at all in turn', { action: 'BLEND' }, 3],
      ['its mode, by looking at all in turn', { mode: 'RELAX' }, 3],
      ['a state that many have and a status that none of them has', { state: 'hay', status: 'FAILURE' }, 2],
      ['what none has', { state: 'nothing' }, 1],
    ])('find rare tasks by %s', async (what, filter, pieces) => {
      expect(await all(filter)).toEqual({ ids: what.includes('none') ? [] : RARE, pieces });
    });

    it('scan a bounded number of tasks in a statement, without gaps or duplicates', async () => {
      const { ids } = await all({});
      expect(ids).toEqual(Array.from({ length: 11_990 }, (_, n) => 11_990 - n));
      const first = await tasks.list(key, { ...ANY, action: 'BLEND' }, null, 250);
      expect(first).toMatchObject({ isLong: true, next: { id: String(6_240_000_000_012_001 - SCAN_LIMIT) } });
    });

    it('scan no more tasks than the page needs', async () => {
      const given: Record<string, string | number> = {
        apiKeyId: key,
        lastId: '9223372036854775807',
        limit: 21,
        lookedAt: SCAN_LIMIT,
      };
      const values = LIST_OWN.newest.parameters.map((name) => given[name] ?? 'null').join(', ');
      const plan = await planOf(LIST_OWN.newest, values);
      const [, looked] = /using task_of_key on task (?:\S+ )?\(actual rows=(\d+)/.exec(plan) ?? [];
      expect(Number(looked)).toBeLessThan(40);
    });

    it.each<[PageIndex, string]>([
      ['newest', 'task_of_key'],
      ['state', 'task_of_state'],
      ['unfinished', 'task_unfinished'],
      ['fruitless', 'task_fruitless'],
      ['children', 'task_parent'],
    ])('scan the index %s', async (way, index) => {
      const plan = await planOf(LIST_OWN[way]);
      expect(plan).toMatch(new RegExp(`Index Scan (Backward )?using ${index} on task`));
    });
  });

  it('are cut by their bytes, each task whole, and at least one to a piece', async () => {
    const key = await rig.key();
    await rig.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, status, base_url, submitted_at, prompt)
       select 6240000000000000 + n, $1::bigint, 'IMAGINE', 'FAST', 'MID_JOURNEY', 'SUBMITTED', '', now() - n * interval '1 s',
         repeat('ä', case when n = 3 then 600000 else 60000 end) from generate_series(1, 12) n`,
      [key],
    );
    const tasks = new PublicTasks(rig.database);
    const ids = Array.from({ length: 12 }, (_, n) => `62400000000000${String(n + 1).padStart(2, '0')}`);
    const pieces: string[][] = [];
    for (let at = 0; at < ids.length;) {
      const { tasks: found, taken } = await tasks.findMany([...ids.slice(at), '6240000000000099'], key);
      pieces.push(found.map(({ id }) => id));
      at += taken;
    }
    expect(pieces.flat()).toEqual(ids);
    expect(pieces.map(({ length }) => length)).toEqual([3, 3, 3, 3]);
    const newest = await tasks.list(key, ANY, null, 100);
    expect(newest.tasks.map(({ task }) => task.id)).toEqual(ids.slice(0, 3));
    expect((await tasks.list(key, ANY, newest.next, 100)).tasks.map(({ task }) => task.id)).toEqual(ids.slice(3, 6));
    const oldest = await tasks.queue(key, null, 1_000);
    expect(oldest.tasks.map(({ task }) => task.id)).toEqual(ids.slice(9).reverse());
    expect(oldest.next).not.toBeNull();
  });
});
