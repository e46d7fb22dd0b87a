import { setImmediate as nextTurn } from 'node:timers/promises';
import { UpstreamCallError } from '../../port/outcome.js';
import { mostAdvanced, reachesBackTo, type RecentQuery, type RecentTasks } from '../../port/recent-tasks.js';
import type { Snapshot } from '../../port/snapshot.js';
import type { ListPage } from '../json/answer-list.js';
import { readTask } from './task-body.js';

/** Servers of this kind show this many tasks unless they are told otherwise. */
const USUAL_PAGE = 100;
/** What a server is asked for that names no way to more; one that declines so many is asked for fewer. */
const LIMITS = [1_000, 100];
const MOST_PAGES = 50;
const ROUND = 10;

/** Tasks that are read in one turn of the event loop: some servers list every task they ever had. Of large ones fewer are. */
const TURN = 64;
const TURN_MS = 10;

/** A page whose items may be parsed only as they are asked for, and fail where they break off. */
export type RecentPage = ListPage<Iterable<unknown>>;

/** One page for these query parameters; null: there is no such list. @throws UpstreamCallError */
export type AskPage = (parameters: Record<string, string>) => Promise<RecentPage | null>;

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

/** A list that names no way to more may be a longer one where it is told how long. */
async function askLonger(ask: AskPage, list: RecentTaskList): Promise<void> {
  for (const limit of LIMITS) {
    const page = await orNull(ask({ limit: String(limit) }));
    if (page === null) continue;
    await list.takeFirst(page, limit);
    return;
  }
}

/** Whatever became of a further page, those before it show what they show. */
async function orNull(page: Promise<RecentPage | null>): Promise<RecentPage | null> {
  try {
    return await page;
  } catch (error) {
    if (error instanceof UpstreamCallError) return null;
    throw error;
  }
}

/** What the pages showed so far, newest first. */
class RecentTaskList {
  snapshots: Snapshot[] = [];
  /** What asks for the page after these; null: nothing does. */
  next: Record<string, string> | null = null;
  private hasUnreadable = false;
  private isAll = false;

  /** @param isEnough of what a page has shown so far: its rest is not read */
  constructor(
    private readonly baseUrl: string,
    private readonly isEnough: (snapshots: readonly Snapshot[]) => boolean,
  ) {}

  /** One that could not be read may be the one that is looked for. */
  get reachesBackTo(): number {
    if (this.hasUnreadable) return Infinity;
    return this.isAll ? -Infinity : reachesBackTo(this.snapshots);
  }

  /** Takes a list from the newest task on in, of at most `limit`. */
  async takeFirst(page: RecentPage, limit: number): Promise<void> {
    const { snapshots, length } = await this.read(page);
    // Fewer than it might show are all there are, but a round number may be a page of the server's own size; and none at
    // all says nothing: that is what a server shows which lists the tasks of somebody else.
    const isWhole = page.hasMore === false || (page.hasMore === null && length < limit && length % ROUND !== 0);
    this.snapshots = mostAdvanced([...snapshots, ...this.snapshots]);
    this.isAll = isWhole && length > 0;
  }

  /** Takes the next page in. False: it shows nothing that was not shown before. */
  async append(page: RecentPage): Promise<boolean> {
    const { snapshots, length } = await this.read(page);
    const before = this.snapshots.length;
    this.snapshots = mostAdvanced([...this.snapshots, ...snapshots]);
    this.isAll = page.hasMore === false || (page.hasMore === null && length === 0);
    return this.snapshots.length > before;
  }

  /** `length`: how many items there are; Infinity where the rest was not read. */
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
      // It broke off: what it showed before, it showed.
      this.hasUnreadable = true;
    }
    return { snapshots, length };
  }
}
