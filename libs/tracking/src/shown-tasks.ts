import { Injectable } from '@nestjs/common';
import { Database, Gatherer } from '#libs/database';
import type { ShownTask } from './shown-task.js';
import { LIST_OWN, QUEUE_OWN } from './sql/page.js';
import { FIND_SHOWN, FIND_SHOWN_MANY } from './sql/shown.js';
import type { PagePosition, TaskFilter } from './task-page.js';

/** Of bigint: before it comes every id. */
const LARGEST_ID = '9223372036854775807';
/** Fetches that share a statement, and statements of them at once: most of a fetch is the way to Postgres and back. */
const FETCHES = { lanes: 2, most: 64, stallMs: 1_000 };

interface Asked {
  id: string;
  apiKeyId: string;
}

/** One's own tasks as clients are shown them. A refused one, another key's and an unknown one are alike: not there. */
@Injectable()
export class ShownTasks {
  private readonly fetches: Gatherer<Asked, ShownTask | null>;

  constructor(private readonly database: Database) {
    this.fetches = new Gatherer((asked) => this.findEach(asked), FETCHES);
  }

  /** Null where it is not there. Fetches of one moment share a statement. @throws DatabaseUnavailableError */
  find(id: string, apiKeyId: string): Promise<ShownTask | null> {
    return this.fetches.add({ id, apiKeyId });
  }

  /** Those that are there of `ids`, in no order. @throws DatabaseUnavailableError */
  async findMany(ids: readonly string[], apiKeyId: string): Promise<ShownTask[]> {
    return this.database.run<ShownTask>(FIND_SHOWN_MANY, [ids, apiKeyId]);
  }

  /** A page, newest first, each with its place for the page after it. `after` null: from the newest. */
  async list(
    apiKeyId: string,
    { status, action, mode, state }: TaskFilter,
    after: PagePosition | null,
    limit: number,
  ): Promise<{ task: ShownTask; position: PagePosition }[]> {
    const rows = await this.database.run<ShownTask & { submittedUs: string }>(LIST_OWN, [
      apiKeyId,
      after?.submittedUs ?? null,
      after?.id ?? LARGEST_ID,
      status,
      action,
      mode,
      state,
      limit,
    ]);
    return rows.map((task) => ({ task, position: { submittedUs: task.submittedUs, id: task.id } }));
  }

  /** Unfinished ones, oldest first. */
  async queue(apiKeyId: string, limit: number): Promise<ShownTask[]> {
    return this.database.run<ShownTask>(QUEUE_OWN, [apiKeyId, limit]);
  }

  private async findEach(asked: readonly Asked[]): Promise<(ShownTask | null)[]> {
    const rows = await this.database.run<ShownTask & { apiKeyId: string }>(FIND_SHOWN, [
      asked.map(({ id }) => id),
      asked.map(({ apiKeyId }) => apiKeyId),
    ]);
    const found = new Map(rows.map((row) => [row.id, row]));
    return asked.map(({ id, apiKeyId }) => {
      const row = found.get(id);
      return row?.apiKeyId === apiKeyId ? row : null;
    });
  }
}
