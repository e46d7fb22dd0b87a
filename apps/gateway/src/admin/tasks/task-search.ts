import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { Task } from '#libs/tracking';
import { ItemTexts, type AnswerPiece } from '../../http/answers/pieced-answer.js';
import { ReadPermits } from '../../traffic/read-permits.js';
import { ListCursors, type Page } from '../list-cursor.js';
import { USUAL_PAGE } from '../list-query.dto.js';
import type { AdminTaskQuery } from './admin-task.query.dto.js';

const LIST = 'tasks';
const POSITION = 'task.submittedAt, task.id';
/** Most tasks that are read at a time; one may have a hundred kilobytes. */
const PIECE_ROWS = 20;

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
  ) {}

  /**
   * A page as JSON, in pieces of a few tasks.
   * @param show what an admin sees of a task
   * @throws Problem for a wrong cursor
   */
  async *page(query: AdminTaskQuery, show: (task: Task) => object): AsyncGenerator<AnswerPiece, void, void> {
    const { items, nextCursor } = await this.permits.search(() => this.find(query));
    const tasks = this.source.getRepository(Task);
    const texts = new ItemTexts();
    for (let at = 0; ; at += PIECE_ROWS) {
      const ids = items.slice(at, at + PIECE_ROWS).map(({ id }) => id);
      const found = new Map((await tasks.findBy({ id: In(ids) })).map((task) => [task.id, task]));
      const opening = at === 0 ? '{"items":[' : '';
      const text =
        opening +
        (await texts.of(
          ids.flatMap((id) => found.get(id) ?? []),
          show,
        ));
      const isLast = at + PIECE_ROWS >= items.length;
      yield { text: isLast ? `${text}],"nextCursor":${JSON.stringify(nextCursor)}}` : text, isLast };
      if (isLast) return;
    }
  }

  /** Which tasks are on it. */
  private async find(query: AdminTaskQuery): Promise<Page<Pick<Task, 'id' | 'submittedAt'>>> {
    const { limit = USUAL_PAGE, status, action, mode, keyId, upstreamId, from, to, q, failureKind } = query;
    const after = this.cursors.read(LIST, query.cursor);
    const asksForRefused = failureKind === 'refused' || failureKind === 'banned';
    const refused = query.refused ?? (asksForRefused ? undefined : false);
    // Only what is asked for stands in the statement, so that Postgres can choose the index that fits.
    const found = this.source.getRepository(Task).createQueryBuilder('task').select(['task.id', 'task.submittedAt']);
    if (after !== null) found.andWhere(`(${POSITION}) < (:at, :id)`, { at: after[0], id: after[1] });
    if (refused !== undefined) found.andWhere('task.refused = :refused', { refused });
    if (status !== undefined) found.andWhere('task.status = :status', { status });
    if (action !== undefined) found.andWhere('task.action = :action', { action });
    if (mode !== undefined) found.andWhere('task.mode = :mode', { mode });
    if (keyId !== undefined) found.andWhere('task.apiKeyId = :keyId', { keyId });
    if (upstreamId !== undefined) found.andWhere('task.upstreamId = :upstreamId', { upstreamId });
    if (from !== undefined) found.andWhere('task.submittedAt >= :from', { from });
    if (to !== undefined) found.andWhere('task.submittedAt < :to', { to });
    if (failureKind !== undefined) found.andWhere('task.failCode = :failureKind', { failureKind });
    if (q !== undefined) found.andWhere(...searchFor(q));
    const rows = await found
      .orderBy('task.submittedAt', 'DESC')
      .addOrderBy('task.id', 'DESC')
      .limit(limit + 1)
      .getMany();
    // submitted_at has no more digits than a Date.
    return this.cursors.page(LIST, rows, limit, ({ submittedAt, id }) => [submittedAt.toISOString(), id]);
  }
}

/** Part of a prompt, or exactly a name that the task has somewhere. */
function searchFor(q: string): [string, Record<string, string>] {
  const names = ['state', 'requestId', 'upstreamTaskId'].map((name) => `task.${name} = :q`);
  const isId = /^\d{1,18}$/.test(q);
  return [
    `(${['task.prompt ilike :part', ...names, ...(isId ? ['task.id = :searchedId'] : [])].join(' or ')})`,
    { q, part: `%${escapeLike(q)}%`, ...(isId ? { searchedId: q } : {}) },
  ];
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
