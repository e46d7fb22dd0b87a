import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { Batcher } from '#libs/runtime';
import { parseTaskId } from '#libs/wire';
import type { PublicTask } from '../task/public-task.js';
import { LIST_OWN, SCAN_LIMIT, QUEUE_OWN, type PagedTask } from '../store/reads/page.js';
import { PIECE_ROWS } from '../store/reads/page-pieces.js';
import { FIND_NEWCOMERS } from '../store/reads/task-heads.js';
import { FIND_PUBLIC, FIND_PUBLIC_MANY } from '../store/reads/public-task.js';
import { pageIndexOf, type PagePiece, type PagePosition, type TaskFilter } from './task-page.js';

/** Largest bigint, greater than every id. */
const LARGEST_ID = '9223372036854775807';
/** Batches of fetches: most of a fetch is the round trip to Postgres. */
const FETCHES = { concurrency: 2, maxBatch: 64, releaseSlotAfterMs: 1_000 };

interface Asked {
  id: string;
  apiKeyId: string;
}

/**
 * A key's own tasks as clients see them. A refused task, a task of another key and an unknown one are all not found.
 * Lists take a signal that cancels their statements.
 */
@Injectable()
export class PublicTasks {
  private readonly fetches: Batcher<Asked, PublicTask | null>;

  constructor(private readonly database: Database) {
    this.fetches = new Batcher((asked) => this.findEach(asked), FETCHES);
  }

  /** Finds one task; null if not found. Concurrent fetches share a statement. @throws DatabaseUnavailableError */
  find(id: string, apiKeyId: string): Promise<PublicTask | null> {
    return this.fetches.add({ id, apiKeyId });
  }

  /**
   * Finds the tasks with the first of `ids`, in their order: as many as fit into a piece of a response. `taken` is how
   * many of the ids the piece covers, at least one.
   * @throws DatabaseUnavailableError
   */
  async findMany(
    ids: readonly string[],
    apiKeyId: string,
    signal?: AbortSignal,
  ): Promise<{ tasks: PublicTask[]; taken: number }> {
    const asked = ids.slice(0, PIECE_ROWS);
    const tasks = await this.database.run(FIND_PUBLIC_MANY, { taskIds: asked, apiKeyId }, signal);
    const last = tasks.at(-1);
    return { tasks, taken: last !== undefined && tasks.length < last.found ? Number(last.asked) : asked.length };
  }

  /**
   * Reads a piece of a page, newest first: at most `limit` tasks, fewer if they are long or if thousands have to be
   * scanned. `after` null: from the newest.
   */
  async list(
    apiKeyId: string,
    filter: TaskFilter,
    after: PagePosition | null,
    limit: number,
    signal?: AbortSignal,
  ): Promise<PagePiece & { isLong: boolean }> {
    const { status, action, mode, state, text = null, from = null, to = null, parentId = null } = filter;
    const textId = text === null ? null : parseTaskId(text.trim());
    const pattern = text === null ? null : containing(text);
    const most = Math.min(limit, PIECE_ROWS);
    const { submittedUs = null, id: lastId = LARGEST_ID } = after ?? {};
    const wanted = { status, action, mode, state, pattern, textId, from, to, parentId };
    const page = { apiKeyId, submittedUs, lastId, ...wanted, limit: most, lookedAt: SCAN_LIMIT };
    const rows = await this.database.run(LIST_OWN[pageIndexOf(filter)], page, signal);
    const isLong = Number(rows.at(-1)?.looked) === SCAN_LIMIT;
    const tasks = rows.filter(({ matches }) => matches).map(toPageItem);
    return { tasks, next: isLong || isCut(rows, most) ? positionOf(rows.at(-1)) : null, isLong };
  }

  /** Reads a piece of the unfinished tasks, oldest first, at most `limit`. `after` null: from the oldest. */
  async queue(apiKeyId: string, after: PagePosition | null, limit: number, signal?: AbortSignal): Promise<PagePiece> {
    const most = Math.min(limit, PIECE_ROWS);
    const { submittedUs = null, id: lastId = '0' } = after ?? {};
    const rows = await this.database.run(QUEUE_OWN, { apiKeyId, submittedUs, lastId, limit: most }, signal);
    return { tasks: rows.map(toPageItem), next: isCut(rows, most) ? positionOf(rows.at(-1)) : null };
  }

  /**
   * Ids of a key's unfinished tasks, at most the newest 1,000, and of those submitted since a moment that ended meanwhile.
   * @throws DatabaseUnavailableError
   */
  async newcomers(apiKeyId: string, since: Date, signal?: AbortSignal): Promise<string[]> {
    return (await this.database.run(FIND_NEWCOMERS, { apiKeyId, since }, signal)).map(({ id }) => id);
  }

  private async findEach(asked: readonly Asked[]): Promise<(PublicTask | null)[]> {
    const rows = await this.database.run(FIND_PUBLIC, {
      taskIds: asked.map(({ id }) => id),
      apiKeyIds: asked.map(({ apiKeyId }) => apiKeyId),
    });
    const found = new Map(rows.map((row) => [row.id, row]));
    return asked.map(({ id, apiKeyId }) => {
      const row = found.get(id);
      return row?.apiKeyId === apiKeyId ? row : null;
    });
  }
}

/** The pattern of `like` for texts with this one in them, in which no character stands for others. */
function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

function toPageItem(task: PagedTask): PagePiece['tasks'][number] {
  return { task, position: { submittedUs: task.submittedUs, id: task.id } };
}

function positionOf(row: PagedTask | undefined): PagePosition | null {
  return row === undefined ? null : { submittedUs: row.submittedUs, id: row.id };
}

/** Whether more tasks may follow these rows: as many were found as were requested, or more than were returned. */
function isCut(rows: readonly PagedTask[], most: number): boolean {
  const found = rows[0]?.found ?? 0;
  return found === most || rows.length < found;
}
