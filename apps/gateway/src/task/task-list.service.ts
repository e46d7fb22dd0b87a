import { Injectable } from '@nestjs/common';
import { SecretBox } from '#libs/database';
import { ShownTasks, TaskViews } from '#libs/tracking';
import { isStorable, type TaskView } from '#libs/wire';
import { MjError } from '../http/mj-error.js';
import { readCursor, toCursor } from './page-cursor.js';
import { USUAL_PAGE, type TaskPageDto, type TaskPageQuery } from './task-page.dto.js';

const LONGEST_QUEUE = 1_000;

/** Lists of one's own tasks; those that were declined before any work are in none. */
@Injectable()
export class TaskListService {
  constructor(
    private readonly tasks: ShownTasks,
    private readonly secrets: SecretBox,
    private readonly views: TaskViews,
  ) {}

  /** The newest tasks, or what comes after a cursor. @throws MjError naming the wrong field */
  async page(query: TaskPageQuery, apiKeyId: string, linkBase: string): Promise<TaskPageDto> {
    const { limit = USUAL_PAGE, cursor, status = null, action = null, mode = null, state = null } = query;
    const after = cursor === undefined ? null : readCursor(cursor, apiKeyId, this.secrets);
    if (cursor !== undefined && after === null) throw wrong('cursor');
    if (state !== null && !isStorable(state)) throw wrong('state');
    // One more than asked for tells whether there is another page.
    const found = await this.tasks.list(apiKeyId, { status, action, mode, state }, after, limit + 1);
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    return {
      items: shown.map(({ task }) => this.views.of(task, linkBase)),
      nextCursor: last === undefined ? null : toCursor(last.position, apiKeyId, this.secrets),
    };
  }

  /** The oldest 1,000 unfinished tasks, oldest first. */
  async queue(apiKeyId: string, linkBase: string): Promise<TaskView[]> {
    const tasks = await this.tasks.queue(apiKeyId, LONGEST_QUEUE);
    return tasks.map((task) => this.views.of(task, linkBase));
  }
}

function wrong(field: string): MjError {
  return new MjError('bind_request_body_failed', { properties: { field } });
}
