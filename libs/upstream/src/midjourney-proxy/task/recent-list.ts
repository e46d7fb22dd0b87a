import { setImmediate as nextTurn } from 'node:timers/promises';
import { UpstreamCallError } from '../../port/outcome.js';
import { mostAdvanced, reachesBackTo, type RecentQuery, type RecentTasks } from '../../port/recent-tasks.js';
import type { Snapshot } from '../../port/snapshot.js';
import type { ListPage } from '../json/answer-list.js';
import { readTask } from './task-body.js';

/** Default page length of servers. */
const USUAL_PAGE = 100;
/** Lengths that are requested from a server that names no next page; the second where it declines the first. */
const LIMITS = [1_000, 100];
const MOST_PAGES = 50;
const ROUND = 10;

/** Most tasks that are read in one turn of the event loop: some servers list every task they ever had. */
const TURN = 64;
const TURN_MS = 10;

/** A page whose items may be parsed only as they are taken, and throw where the body breaks off. */
export type RecentPage = ListPage<Iterable<unknown>>;

/** Reads the page for these query parameters; null: there is no such list. @throws UpstreamCallError */
export type AskPage = (parameters: Record<string, string>) => Promise<RecentPage | null>;

/**
 * Lists the newest tasks of an upstream, page by page until they reach back to the time of the query. A later page that fails
 * ends the list, and the pages before it count. Null: there is no such list. @throws UpstreamCallError for the first page
 */
export async function listRecent(
  ask: AskPage,
  { since, isEnough = () => false }: RecentQuery,
  isSpent: () => boolean,
  baseUrl: string,
): Promise<RecentTasks | null> {
  const first = await ask({});
  if (first === null) return null;
  const reaches = (snapshots: readonly Snapshot[]): boolean =>
    since === null ? snapshots.length >= USUAL_PAGE : reachesBackTo(snapshots) < since.getTime();
  const list = new RecentTaskList(baseUrl, (snapshots) => reaches(snapshots) || isEnough(snapshots));
  await list.takeFirst(first, USUAL_PAGE);
  const wants = (): boolean =>
    since !== null && list.reachesBackTo >= since.getTime() && !isSpent() && !isEnough(list.snapshots);
  if (first.next === null && first.hasMore !== false && wants()) await askLonger(ask, list);
  for (let pages = 1; list.next !== null && pages < MOST_PAGES && wants(); pages += 1) {
    const page = await orNull(ask(list.next));
    if (page === null || !(await list.append(page))) break;
  }
  return { snapshots: list.snapshots, reachesBackTo: list.reachesBackTo };
}

/** Requests a longer page where the first one names no next page. */
async function askLonger(ask: AskPage, list: RecentTaskList): Promise<void> {
  for (const limit of LIMITS) {
    const page = await orNull(ask({ limit: String(limit) }));
    if (page === null) continue;
    await list.takeFirst(page, limit);
    return;
  }
}

/** A page, or null where it failed: the pages before it count all the same. */
async function orNull(page: Promise<RecentPage | null>): Promise<RecentPage | null> {
  try {
    return await page;
  } catch (error) {
    if (error instanceof UpstreamCallError) return null;
    throw error;
  }
}

/** The tasks of the pages read so far, newest first. */
class RecentTaskList {
  snapshots: Snapshot[] = [];
  /** Query parameters of the next page; null: none. */
  next: Record<string, string> | null = null;
  private hasUnreadable = false;
  private isAll = false;

  /** @param isEnough true for the tasks of a page read so far: the rest of the page is not read */
  constructor(
    private readonly baseUrl: string,
    private readonly isEnough: (snapshots: readonly Snapshot[]) => boolean,
  ) {}

  /** The low watermark of the list. An item that could not be read may be the task that is looked for, so it proves nothing. */
  get reachesBackTo(): number {
    if (this.hasUnreadable) return Infinity;
    return this.isAll ? -Infinity : reachesBackTo(this.snapshots);
  }

  /** Takes a first page, which begins with the newest task and was requested with this `limit`. */
  async takeFirst(page: RecentPage, limit: number): Promise<void> {
    const { snapshots, length } = await this.read(page);
    // A page that is shorter than the limit has all tasks. But a round number may be the server's own page length, and an
    // empty page proves nothing: a server that lists the tasks of another account shows one.
    const isWhole = page.hasMore === false || (page.hasMore === null && length < limit && length % ROUND !== 0);
    this.snapshots = mostAdvanced([...snapshots, ...this.snapshots]);
    this.isAll = isWhole && length > 0;
  }

  /** Takes the next page. False: it shows no task that was not shown before. */
  async append(page: RecentPage): Promise<boolean> {
    const { snapshots, length } = await this.read(page);
    const before = this.snapshots.length;
    this.snapshots = mostAdvanced([...this.snapshots, ...snapshots]);
    this.isAll = page.hasMore === false || (page.hasMore === null && length === 0);
    return this.snapshots.length > before;
  }

  /** `length`: the number of items; Infinity where the rest of the page was not read. */
  private async read({ items, next }: RecentPage): Promise<{ snapshots: Snapshot[]; length: number }> {
    this.next = next;
    const snapshots: Snapshot[] = [];
    let length = 0;
    let turnAt = performance.now();
    try {
      for (const item of items) {
        length += 1;
        const snapshot = readTask(item, this.baseUrl);
        if (snapshot === null) this.hasUnreadable = true;
        else snapshots.push(snapshot);
        const isRound = length % TURN === 0;
        if (!isRound && performance.now() - turnAt < TURN_MS) continue;
        if (isRound && length > USUAL_PAGE && this.isEnough(snapshots)) return { snapshots, length: Infinity };
        await nextTurn();
        turnAt = performance.now();
      }
    } catch {
      // The body broke off: the items before that count.
      this.hasUnreadable = true;
    }
    return { snapshots, length };
  }
}
