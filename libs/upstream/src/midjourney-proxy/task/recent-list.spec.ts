import { UpstreamCallError } from '../../port/outcome.js';
import type { RecentTasks } from '../../port/recent-tasks.js';
import { readListPage } from '../json/answer-list.js';
import { jsonItems } from '../../json/json-items.js';
import { listRecent, type RecentPage } from './recent-list.js';

const NOW = Date.UTC(2026, 10, 6, 12);
const SINCE = new Date(NOW - 60_000);

/** Tasks numbered from `from`, one a second, the newest first. */
function tasks(count: number, from = 1): { id: number; state: string; submitTime: number }[] {
  return Array.from({ length: count }, (_, at) => ({
    id: from + at,
    state: `jm:${from + at}`,
    submitTime: NOW - 1_000 * (from + at),
  }));
}

/** Asks a server that answers these bodies one after the other; null: it declines. */
async function ask(
  bodies: readonly unknown[],
  query: Parameters<typeof listRecent>[1] = { since: SINCE },
  isSpent = (): boolean => false,
): Promise<{ recent: RecentTasks | null; asked: string[] }> {
  const asked: string[] = [];
  const page = async (parameters: Record<string, string>): Promise<RecentPage | null> => {
    const body = bodies[asked.length];
    asked.push(new URLSearchParams(parameters).toString());
    if (body instanceof Error) throw body;
    return Promise.resolve(body === undefined ? null : readListPage(body));
  };
  return { recent: await listRecent(page, query, isSpent, 'http://mj.example'), asked };
}

describe('one page is enough', () => {
  it.each([
    ['that reaches back', tasks(100), NOW - 100_000],
    ['that is all there is', tasks(7), -Infinity],
    ['that says that it is all there is', { items: tasks(20), nextCursor: null }, -Infinity],
  ])('%s', async (_, body, reachesBackTo) => {
    const { recent, asked } = await ask([body]);
    expect(recent?.reachesBackTo).toBe(reachesBackTo);
    expect(asked).toEqual(['']);
  });

  it('where no time is given', async () => {
    expect((await ask([tasks(20)], { since: null })).asked).toEqual(['']);
  });

  it('where it shows the task that is looked for', async () => {
    const isEnough = (shown: readonly { state: string | null }[]): boolean =>
      shown.some(({ state }) => state === 'jm:3');
    expect((await ask([tasks(20)], { since: SINCE, isEnough })).asked).toEqual(['']);
  });

  it('where time, or bytes, are used up', async () => {
    expect((await ask([tasks(20)], { since: SINCE }, () => true)).asked).toEqual(['']);
  });
});

describe('a list of every task that a server ever had', () => {
  const list = (text: string): RecentPage => ({ items: jsonItems(Buffer.from(text)), next: null, hasMore: null });
  const read = (text: string, since: Date | null): Promise<RecentTasks | null> =>
    listRecent(
      () => Promise.resolve(list(text)),
      { since },
      () => false,
      'http://mj.internal',
    );
  const all = JSON.stringify(tasks(5_000));

  it('is read as far as it is needed, and no further', async () => {
    const recent = await read(`${all.slice(0, 200_000)}…`, SINCE);
    expect(recent?.snapshots).toHaveLength(128);
    expect(recent?.reachesBackTo).toBe(NOW - 128_000);
    expect((await read(all, null))?.snapshots).toHaveLength(128);
    expect((await read(all, new Date(NOW - 4_000_000)))?.snapshots).toHaveLength(4_032);
  });

  it('proves nothing where it breaks off before it reaches back', async () => {
    const recent = await read(all.slice(0, 2_000), SINCE);
    expect(recent?.snapshots.length).toBeGreaterThan(10);
    expect(recent?.reachesBackTo).toBe(Infinity);
  });
});

describe('more is asked for', () => {
  it('by the cursor that a page names', async () => {
    const { recent, asked } = await ask([
      { items: tasks(20), nextCursor: 'a' },
      { items: tasks(20, 21), nextCursor: 'b' },
      { items: tasks(30, 41), nextCursor: 'c' },
    ]);
    expect(asked).toEqual(['', 'limit=100&cursor=a', 'limit=100&cursor=b']);
    expect(recent?.snapshots).toHaveLength(70);
    expect(recent?.reachesBackTo).toBe(NOW - 70_000);
  });

  it('by the number that a page has', async () => {
    const page = (number: number, items: object[]): object => ({ list: items, page: number, pageSize: 20 });
    const { recent, asked } = await ask([page(1, tasks(20)), page(2, tasks(20, 20)), page(3, [])]);
    expect(asked).toEqual(['', 'page=2&pageSize=20', 'page=3&pageSize=20']);
    expect(recent?.snapshots).toHaveLength(39);
    expect(recent?.reachesBackTo).toBe(-Infinity);
  });

  it('by a limit, where the server names no way', async () => {
    const { recent, asked } = await ask([tasks(20), [{ ...tasks(1)[0], id: 'new', submitTime: NOW }, ...tasks(80)]]);
    expect(asked).toEqual(['', 'limit=1000']);
    expect(recent?.snapshots[0]?.upstreamTaskId).toBe('new');
    expect(recent?.reachesBackTo).toBe(-Infinity);
  });

  it('by a smaller one, where the first is declined', async () => {
    const { recent, asked } = await ask([
      tasks(100).map((task) => ({ ...task, submitTime: NOW })),
      undefined,
      { items: tasks(100), nextCursor: 'a' },
    ]);
    expect(asked).toEqual(['', 'limit=1000', 'limit=100']);
    expect(recent?.snapshots).toHaveLength(100);
  });

  it('and a task that is shown again is one task', async () => {
    const { recent } = await ask([
      { items: tasks(20), nextCursor: 'a' },
      { items: tasks(20, 15), nextCursor: null },
    ]);
    expect(recent?.snapshots).toHaveLength(34);
  });
});

describe('nothing is proven', () => {
  it.each([
    ['by an empty list', [[]]],
    ['by a page of the size of its own, whatever limit it is given', [tasks(20), tasks(20)]],
    ['by a page that cannot be read whole', [[...tasks(7), { state: 'jm:9' }]]],
    ['by the oldest first', [[...tasks(80)].reverse(), [...tasks(80)].reverse()]],
    [
      'by a second page that is the first',
      [
        { items: tasks(20), nextCursor: 'a' },
        { items: tasks(20), nextCursor: 'a' },
      ],
    ],
  ])('%s', async (_, bodies) => {
    const { recent } = await ask(bodies);
    expect(recent?.reachesBackTo).toBeGreaterThan(SINCE.getTime());
  });

  it('by a later page that fails; the tasks before it are found all the same', async () => {
    const { recent } = await ask([{ items: tasks(20), nextCursor: 'a' }, new UpstreamCallError('timeout')]);
    expect(recent?.snapshots).toHaveLength(20);
    expect(recent?.reachesBackTo).toBe(NOW - 20_000);
  });

  it('where there is no list, or the first page fails', async () => {
    expect((await ask([])).recent).toBeNull();
    await expect(ask([new UpstreamCallError('timeout')])).rejects.toMatchObject({ fault: 'timeout' });
  });

  it('by pages without end', async () => {
    const endless = Array.from({ length: 80 }, (_, at) => ({
      items: [{ id: at + 1, submitTime: NOW }],
      nextCursor: 'x',
    }));
    expect((await ask(endless)).asked).toHaveLength(50);
  });
});
