/** @jest-environment jsdom */
import type { Task } from '../../../api/client.ts';
import { NO_FILTERS } from '../filters/gallery-filters.ts';
import { GalleryFeed } from './gallery-feed.ts';

const NOW = 1_800_000_000_000;
const taskAt = (at: number, more: Partial<Task> = {}): Task =>
  ({
    id: String(6_000_000 + at),
    parentId: '',
    status: 'SUCCESS',
    progress: '100%',
    action: 'IMAGINE',
    prompt: 'a fox',
    state: '',
    submitTime: NOW + at,
    ...more,
  }) as Task;

const answer = (body: unknown): unknown => ({ ok: true, status: 200, json: () => Promise.resolve(body) });

/** Answers lists from `all`, newest first, by cursor and `to`. */
function serve(all: () => Task[]): { asked: URL[] } {
  const asked: URL[] = [];
  globalThis.fetch = ((input: URL, { body }: { body?: string }) => {
    const url = new URL(input);
    asked.push(url);
    if (url.pathname.endsWith('list-by-condition')) {
      const { ids } = JSON.parse(body ?? '') as { ids: string[] };
      return Promise.resolve(answer(all().filter(({ id }) => ids.includes(id))));
    }
    const { cursor, to, limit } = Object.fromEntries(url.searchParams);
    const listed = all().filter(({ submitTime }) => to === undefined || submitTime < Number(to));
    const start = Number(cursor ?? 0);
    const end = start + Number(limit);
    const nextCursor = end < listed.length ? String(end) : null;
    return Promise.resolve(answer({ items: listed.slice(start, end), nextCursor }));
  }) as unknown as typeof fetch;
  return { asked };
}

const newestFirst = (count: number): Task[] => Array.from({ length: count }, (_none, at) => taskAt(-at));

describe('GalleryFeed', () => {
  it('reads page after page, until there is no more', async () => {
    const all = newestFirst(130);
    serve(() => all);
    const feed = new GalleryFeed(NO_FILTERS);
    while (feed.hasMore.value && feed.failure.value === null) await feed.loadMore();
    expect(feed.order.value).toEqual(all.map(({ id }) => id));
  });

  it('puts new tasks on top when they are in sight, and holds them back when they are not', async () => {
    serve(() => newestFirst(10));
    const feed = new GalleryFeed(NO_FILTERS);
    await feed.loadMore();
    feed.take(taskAt(1));
    expect(feed.order.value[0]).toBe(taskAt(1).id);
    feed.isAtTop = false;
    feed.take(taskAt(2));
    expect(feed.order.value[0]).toBe(taskAt(1).id);
    expect(feed.waiting.value).toEqual([taskAt(2).id]);
    feed.showWaiting();
    expect(feed.order.value.slice(0, 2)).toEqual([taskAt(2).id, taskAt(1).id]);
  });

  it('takes in news of what it knows, and nothing that is older', async () => {
    serve(() => [taskAt(0, { status: 'IN_PROGRESS', progress: '40%' })]);
    const feed = new GalleryFeed(NO_FILTERS);
    await feed.loadMore();
    const { id } = taskAt(0);
    expect(feed.take(taskAt(0, { status: 'IN_PROGRESS', progress: '20%' }))).toBe(false);
    expect(feed.take(taskAt(0, { status: 'FAILURE' }))).toBe(true);
    expect(feed.take(taskAt(0, { status: 'IN_PROGRESS', progress: '90%' }))).toBe(false);
    expect(feed.store.get(id)?.value.status).toBe('FAILURE');
  });

  it('leaves out what does not pass the filters, or is older than what is listed', async () => {
    serve(() => newestFirst(130));
    const feed = new GalleryFeed({ ...NO_FILTERS, action: 'IMAGINE' });
    await feed.loadMore();
    feed.take(taskAt(5, { action: 'BLEND' }));
    feed.take(taskAt(-100));
    expect(feed.order.value).toHaveLength(60);
    expect(feed.store.size).toBe(60);
  });

  it('does not grow when it is left open, and still leads to the oldest', async () => {
    const all = newestFirst(200);
    serve(() => all);
    const feed = new GalleryFeed(NO_FILTERS);
    await feed.loadMore();
    for (let at = 1; at <= 3_000; at += 1) {
      all.unshift(taskAt(at));
      feed.take(taskAt(at));
    }
    expect(feed.order.value.length).toBeLessThanOrEqual(360);
    expect(feed.store.size).toBeLessThanOrEqual(360);
    feed.isAtTop = false;
    while (feed.hasMore.value && feed.failure.value === null) await feed.loadMore();
    expect(feed.order.value).toEqual(all.map(({ id }) => id));
  });

  it('finds what ended and what was opened while nobody told it', async () => {
    const all = [taskAt(0, { status: 'IN_PROGRESS', progress: '40%' })];
    serve(() => all);
    const feed = new GalleryFeed(NO_FILTERS);
    await feed.loadMore();
    all[0] = taskAt(0);
    all.unshift(taskAt(1));
    expect(await feed.catchUp()).toBe(true);
    expect(feed.order.value).toEqual([taskAt(1).id, taskAt(0).id]);
    expect(feed.store.get(taskAt(0).id)?.value.status).toBe('SUCCESS');
    expect(await feed.catchUp()).toBe(false);
  });

  it('reads the list anew where too much was missed to be put together', async () => {
    const all = newestFirst(60);
    serve(() => all);
    const feed = new GalleryFeed(NO_FILTERS);
    await feed.loadMore();
    for (let at = 1; at <= 100; at += 1) all.unshift(taskAt(at));
    feed.isAtTop = false;
    await feed.catchUp();
    expect(feed.isOutdated.value).toBe(true);
    feed.isAtTop = true;
    feed.showWaiting();
    expect(feed.isOutdated.value).toBe(false);
    await feed.reload();
    expect(feed.order.value[0]).toBe(taskAt(100).id);
    expect(feed.order.value).toHaveLength(60);
  });

  it('keeps what is shown elsewhere for as long as it is shown', () => {
    const feed = new GalleryFeed(NO_FILTERS);
    const letGo = feed.pin(taskAt(-500));
    expect(feed.store.has(taskAt(-500).id)).toBe(true);
    letGo();
    expect(feed.store.has(taskAt(-500).id)).toBe(false);
  });
});
