import { signal } from '@preact/signals';
import { call, type Task } from '../../../api/client.ts';
import { asFailure, type Failure } from '../../../api/failure.ts';
import { listQuery, passes, type GalleryFilters } from '../filters/gallery-filters.ts';
import { hasEnded } from './task-state.ts';
import { TaskStore } from './task-store.ts';

interface Page {
  items: Task[];
  nextCursor: string | null;
}

/** Where the list goes on. A cursor goes with the query that it came from. */
interface Tail {
  /** null: at the first page. */
  cursor: string | null;
  /** Tasks before this only, ms since the epoch, after older ones were let go; null: from the newest. */
  before: number | null;
}

const START: Tail = { cursor: null, before: null };

const PAGE = 60;
/** New tasks that a catch-up finds at once; more than these, and the list is read anew. */
const CATCH_UP_PAGE = 30;
/** Of a list that is seen from its top: so many are kept when new ones come. */
const KEPT_AT_TOP = 240;
const MOST_AT_TOP = 360;
const MOST_WAITING = 200;
const MOST_ASKED = 200;
/** A page may be empty where few tasks pass the filters, and lead on all the same. */
const MOST_EMPTY_PAGES = 4;

/** This key's tasks as the gallery lists them, newest first, with what came since and is not shown yet. */
export class GalleryFeed {
  readonly store = new TaskStore();
  /** Ids as they are listed. */
  readonly order = signal<readonly string[]>([]);
  /** Ids of tasks that came while the reader was further down. */
  readonly waiting = signal<readonly string[]>([]);
  /** Whether more came than is known one by one. */
  readonly isOutdated = signal(false);
  readonly isLoading = signal(false);
  readonly hasMore = signal(true);
  readonly failure = signal<Failure | null>(null);
  /** The task that was heard of last for the first time. */
  readonly opened = signal<Task | null>(null);
  /** Whether the list is seen from its top, so that new tasks may be put there at once. */
  isAtTop = true;
  /** Where the reader was when the list was left, px. */
  scrollTop = 0;

  /** null: there is no more. */
  private tail: Tail | null = START;
  private query: URLSearchParams;
  private readonly pinned = new Map<string, number>();
  private loading: Promise<void> | null = null;
  private generation = 0;

  constructor(readonly filters: GalleryFilters) {
    this.query = listQuery(filters, Date.now());
  }

  get isLoaded(): boolean {
    return this.tail !== START;
  }

  /** Reads the next page; one reading at a time. Failures are kept in `failure`. */
  loadMore(): Promise<void> {
    this.loading ??= this.readPages().finally(() => (this.loading = null));
    return this.loading;
  }

  /** Reads the list anew from its top; what is shown stays until then. */
  async reload(): Promise<void> {
    this.generation += 1;
    this.query = listQuery(this.filters, Date.now());
    this.tail = START;
    this.waiting.value = [];
    await this.loading;
    await this.loadMore();
  }

  /** Takes in what was heard of a task. @returns whether that was news */
  take(task: Task): boolean {
    const known = this.store.get(task.id);
    if (known !== undefined) {
      const before = known.peek();
      this.store.put(task);
      return known.peek() !== before && JSON.stringify(known.peek()) !== JSON.stringify(before);
    }
    this.opened.value = task;
    if (!this.belongs(task)) return false;
    if (this.waiting.peek().length >= MOST_WAITING) {
      this.isOutdated.value = true;
      return true;
    }
    this.store.put(task);
    this.waiting.value = [task.id, ...this.waiting.peek()];
    if (this.isAtTop && this.isLoaded) this.showWaiting();
    return true;
  }

  /** Puts what came meanwhile into the list. */
  showWaiting(): void {
    if (this.isOutdated.peek()) {
      this.isOutdated.value = false;
      void this.reload();
      return;
    }
    if (this.waiting.peek().length === 0) return;
    this.order.value = this.sorted([...this.waiting.peek(), ...this.order.peek()]);
    this.waiting.value = [];
    this.letGo();
  }

  /** Asks for what may have been missed. @returns whether there was news. @throws CallFailure */
  async catchUp(): Promise<boolean> {
    const ids = this.store.open((task) => !hasEnded(task)).slice(0, MOST_ASKED);
    let isNews = false;
    if (ids.length > 0) {
      const tasks = await call<Task[]>('POST', '/mj/task/list-by-condition', { body: { ids } });
      isNews = tasks.map((task) => this.take(task)).some(Boolean);
    }
    if (!this.isLoaded) return isNews;
    const generation = this.generation;
    const { items } = await this.readPage(START, CATCH_UP_PAGE);
    if (generation !== this.generation) return isNews;
    if (items.length === CATCH_UP_PAGE && !items.some(({ id }) => this.store.has(id))) {
      this.isOutdated.value = true;
      if (this.isAtTop) this.showWaiting();
      return true;
    }
    return items.map((task) => this.take(task)).some(Boolean) || isNews;
  }

  /** Keeps a task that is shown outside of the list. @returns lets it go again */
  pin(task: Task): () => void {
    this.store.put(task);
    this.pinned.set(task.id, (this.pinned.get(task.id) ?? 0) + 1);
    return () => {
      const count = (this.pinned.get(task.id) ?? 1) - 1;
      if (count > 0) this.pinned.set(task.id, count);
      else this.pinned.delete(task.id);
      this.letGo();
    };
  }

  /** Lets go of the oldest where new ones came on top, so that a page that is left open does not grow. */
  private letGo(): void {
    const order = this.order.peek();
    if (this.isAtTop && order.length > MOST_AT_TOP) {
      this.order.value = order.slice(0, KEPT_AT_TOP);
      const last = this.store.get(this.order.peek().at(-1) ?? '')?.peek();
      if (last !== undefined) this.tail = { cursor: null, before: last.submitTime + 1 };
      this.hasMore.value = true;
    }
    this.store.keepOnly(new Set([...this.order.peek(), ...this.waiting.peek(), ...this.pinned.keys()]));
  }

  /** Tasks older than what is listed so far come with their page. */
  private belongs(task: Task): boolean {
    if (!passes(task, this.filters, Date.now())) return false;
    if (this.tail === null || !this.isLoaded) return true;
    const last = this.store.get(this.order.peek().at(-1) ?? '')?.peek();
    return last === undefined || task.submitTime >= last.submitTime;
  }

  private async readPages(): Promise<void> {
    const generation = this.generation;
    this.isLoading.value = true;
    try {
      for (let empty = 0; this.tail !== null && empty < MOST_EMPTY_PAGES; empty += 1) {
        const isFirst = !this.isLoaded;
        const { before } = this.tail;
        const page = await this.readPage(this.tail, PAGE);
        if (generation !== this.generation) return;
        this.tail = page.nextCursor === null ? null : { cursor: page.nextCursor, before };
        this.add(page, isFirst);
        if (page.items.length > 0) break;
      }
      this.failure.value = null;
    } catch (error) {
      this.failure.value = asFailure(error);
    } finally {
      this.isLoading.value = false;
    }
  }

  private async readPage({ cursor, before }: Tail, limit: number): Promise<Page> {
    const query = new URLSearchParams(this.query);
    query.set('limit', String(limit));
    if (cursor !== null) query.set('cursor', cursor);
    if (before !== null) query.set('to', String(before));
    const answer = await call<Page | Task[]>('GET', `/mj/task/list?${query.toString()}`);
    return Array.isArray(answer) ? { items: answer, nextCursor: null } : answer;
  }

  private add({ items, nextCursor }: Page, isFirst: boolean): void {
    for (const task of items) this.store.put(task);
    this.hasMore.value = nextCursor !== null;
    const ids = items.map(({ id }) => id);
    const end = nextCursor === null ? 0 : (items.at(-1)?.submitTime ?? 0);
    const before = isFirst ? this.waiting.peek().filter((id) => this.timeOf(id) >= end) : this.order.peek();
    if (isFirst) this.waiting.value = [];
    const joined = isFirst ? [...before, ...ids] : [...before, ...ids.filter((id) => !before.includes(id))];
    this.order.value = isFirst ? this.sorted(joined) : joined;
    if (isFirst) this.letGo();
  }

  private sorted(ids: readonly string[]): string[] {
    return [...new Set(ids)].sort((one, other) => this.timeOf(other) - this.timeOf(one));
  }

  private timeOf(id: string): number {
    return this.store.get(id)?.peek().submitTime ?? 0;
  }
}
