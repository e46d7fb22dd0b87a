import { UpstreamCallError } from '../outcome.js';
import { mostAdvanced, reachOf, type RecentQuery, type RecentTasks } from '../recent-tasks.js';
import type { Snapshot } from '../snapshot.js';
import type { ListPage } from './answer-list.js';
import { readTask } from './task-body.js';

/** Servers of this kind show this many tasks unless they are told otherwise. */
const USUAL_PAGE = 100;
/** What a server is asked for that names no way to more; one that declines so many is asked for fewer. */
const LIMITS = [1_000, 100];
const MOST_PAGES = 50;
const ROUND = 10;

/** One page for these query parameters; null: there is no such list. @throws UpstreamCallError */
export type AskPage = (parameters: Record<string, string>) => Promise<ListPage | null>;

/**
 * The newest tasks of an upstream, page by page until they reach back. A page after the first that fails ends it: what
 * came before it counts. Null: there is no such list. @throws UpstreamCallError for the first page
 */
export async function listRecent(
  ask: AskPage,
  { since, isEnough = () => false }: RecentQuery,
  isSpent: () => boolean,
  baseUrl: string,
): Promise<RecentTasks | null> {
  const first = await ask({});
  if (first === null) return null;
  const list = new GatheredList(first, baseUrl);
  const wants = (): boolean =>
    since !== null && list.reachesBackTo >= since.getTime() && !isSpent() && !isEnough(list.snapshots);
  if (first.next === null && first.hasMore !== false && wants()) await askLonger(ask, list);
  for (let pages = 1; list.next !== null && pages < MOST_PAGES && wants(); pages += 1) {
    const page = await orNull(ask(list.next));
    if (page === null || !list.append(page)) break;
  }
  return { snapshots: list.snapshots, reachesBackTo: list.reachesBackTo };
}

/** A list that names no way to more may be a longer one where it is told how long. */
async function askLonger(ask: AskPage, list: GatheredList): Promise<void> {
  for (const limit of LIMITS) {
    const page = await orNull(ask({ limit: String(limit) }));
    if (page === null) continue;
    list.lengthen(page, limit);
    return;
  }
}

/** Whatever became of a further page, those before it show what they show. */
async function orNull(page: Promise<ListPage | null>): Promise<ListPage | null> {
  try {
    return await page;
  } catch (error) {
    if (error instanceof UpstreamCallError) return null;
    throw error;
  }
}

/** What the pages showed so far, newest first. */
class GatheredList {
  snapshots: Snapshot[] = [];
  /** What asks for the page after these; null: nothing does. */
  next: Record<string, string> | null = null;
  private hasUnreadable = false;
  private isAll = false;

  constructor(
    first: ListPage,
    private readonly baseUrl: string,
  ) {
    this.lengthen(first, USUAL_PAGE);
  }

  /** One that could not be read may be the one that is looked for. */
  get reachesBackTo(): number {
    if (this.hasUnreadable) return Infinity;
    return this.isAll ? -Infinity : reachOf(this.snapshots);
  }

  /** Takes a list from the newest task on in, of at most `limit`. */
  lengthen(page: ListPage, limit: number): void {
    // Fewer than it might show are all there are, but a round number may be a page of the server's own size; and none at
    // all says nothing: that is what a server shows which lists the tasks of somebody else.
    const { length } = page.items;
    const isWhole = page.hasMore === false || (page.hasMore === null && length < limit && length % ROUND !== 0);
    this.snapshots = mostAdvanced([...this.read(page), ...this.snapshots]);
    this.isAll = isWhole && length > 0;
  }

  /** Takes the next page in. False: it shows nothing that was not shown before. */
  append(page: ListPage): boolean {
    const before = this.snapshots.length;
    this.snapshots = mostAdvanced([...this.snapshots, ...this.read(page)]);
    this.isAll = page.hasMore === false || (page.hasMore === null && page.items.length === 0);
    return this.snapshots.length > before;
  }

  private read({ items, next }: ListPage): Snapshot[] {
    this.next = next;
    const read = items.map((item) => readTask(item, this.baseUrl)).filter((snapshot) => snapshot !== null);
    if (read.length < items.length) this.hasUnreadable = true;
    return read;
  }
}
