import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { Task } from '#libs/tracking';
import { ItemTexts, type AnswerPiece } from '../../http/answers/pieced-answer.js';
import { ReadPermits } from '../../traffic/read-permits.js';
import { ListCursors, type Page } from '../list-cursor.js';
import { USUAL_PAGE } from '../list-query.dto.js';
import type { AdminTaskQuery } from './admin-task.query.dto.js';
import { restrictTasks } from './task-conditions.js';
import { TaskNameReads, type TaskNames } from './task-names.js';

const LIST = 'tasks';
/** Most tasks that are read at a time; one may have a hundred kilobytes. */
const PIECE_ROWS = 20;

type Place = Pick<Task, 'id' | 'submittedAt'>;

/**
 * Finds tasks of all keys, newest first. It runs on the connections of administration, with their time limit, so that a
 * search through many rows takes nothing from clients.
 */
@Injectable()
export class TaskSearch {
  constructor(
    private readonly source: DataSource,
    private readonly cursors: ListCursors,
    private readonly permits: ReadPermits,
    private readonly names: TaskNameReads,
  ) {}

  /**
   * A page as JSON, in pieces of a few tasks.
   * @param show what an admin sees of a task, beside the names of keys and upstreams
   * @throws Problem for a wrong cursor
   */
  async *page(
    query: AdminTaskQuery,
    show: (task: Task, names: TaskNames) => object,
  ): AsyncGenerator<AnswerPiece, void, void> {
    const { items, nextCursor } = await this.permits.search(() => this.find(query));
    const tasks = this.source.getRepository(Task);
    const texts = new ItemTexts();
    for (let at = 0; ; at += PIECE_ROWS) {
      const ids = items.slice(at, at + PIECE_ROWS).map(({ id }) => id);
      const found = new Map((await tasks.findBy({ id: In(ids) })).map((task) => [task.id, task]));
      const names = await this.names.of([...found.values()]);
      const opening = at === 0 ? '{"items":[' : '';
      const text =
        opening +
        (await texts.of(
          ids.flatMap((id) => found.get(id) ?? []),
          (task) => show(task, names),
        ));
      const isLast = at + PIECE_ROWS >= items.length;
      yield { text: isLast ? `${text}],"nextCursor":${JSON.stringify(nextCursor)}}` : text, isLast };
      if (isLast) return;
    }
  }

  /** Which tasks are on it. */
  private async find({ limit = USUAL_PAGE, cursor, ...filters }: AdminTaskQuery): Promise<Page<Place>> {
    const after = this.cursors.read(LIST, cursor);
    const found = this.source.getRepository(Task).createQueryBuilder('task').select(['task.id', 'task.submittedAt']);
    const rows = await restrictTasks(found, filters, after)
      .limit(limit + 1)
      .getMany();
    // submitted_at has no more digits than a Date.
    return this.cursors.page(LIST, rows, limit, ({ submittedAt, id }) => [submittedAt.toISOString(), id]);
  }
}
