import { Injectable } from '@nestjs/common';
import { SecretBox } from '#libs/database';
import { PublicTasks, TaskViews, type PagePosition } from '#libs/tracking';
import { isStorable, parseTaskId } from '#libs/wire';
import { MjError } from '../http/errors/mj-error.js';
import { ItemTexts, type AnswerPiece } from '../http/answers/pieced-answer.js';
import { ReadPermits } from '../traffic/read-permits.js';
import { readCursor, toCursor } from './page-cursor.js';
import { MOST_OF_A_PAGE, USUAL_PAGE, type TaskPageQuery } from './task-page.dto.js';

const LONGEST_QUEUE = 1_000;
/** How often thousands of tasks are looked at for one page. */
const MOST_LOOKS = 10;

/** The key whose tasks are listed, the base of their links, and the signal of its request. */
export interface ListCall {
  apiKeyId: string;
  linkBase: string;
  /** Aborted when the client is gone. */
  signal: AbortSignal;
}

/** Lists of one's own tasks; those that were declined before any work are in none. */
@Injectable()
export class TaskListService {
  constructor(
    private readonly tasks: PublicTasks,
    private readonly secrets: SecretBox,
    private readonly views: TaskViews,
    private readonly permits: ReadPermits,
  ) {}

  /**
   * The newest tasks, or what comes after a cursor: a page where `limit` or `cursor` is given, and a bare array where
   * neither is, which is what programs of this family read. Where few of the newest 50,000 pass the filters a page is shorter
   * than asked for, and the next one goes on behind them.
   * @throws MjError naming the wrong field
   */
  async *page(query: TaskPageQuery, { apiKeyId, linkBase, signal }: ListCall): AsyncGenerator<AnswerPiece, void, void> {
    const { cursor, status = null, action = null, mode = null, state = null } = query;
    const { q: text = null, from = null, to = null } = query;
    const first = cursor === undefined ? null : readCursor(cursor, apiKeyId, this.secrets);
    if (cursor !== undefined && first === null) throw wrong('cursor');
    if (state !== null && !isStorable(state)) throw wrong('state');
    if (text !== null && !isStorable(text)) throw wrong('q');
    const parentId = query.parentId === undefined ? null : parseTaskId(query.parentId);
    if (query.parentId !== undefined && parentId === null) throw wrong('parentId');
    const filter = { status, action, mode, state, text, from, to, parentId };
    const isBare = query.limit === undefined && cursor === undefined;
    const limit = query.limit ?? (isBare ? MOST_OF_A_PAGE : USUAL_PAGE);
    const texts = new ItemTexts();
    let opening = isBare ? '[' : '{"items":[';
    let last: PagePosition | null = null;
    for (let after = first, left = limit, looks = 0; ;) {
      // One more than asked for tells whether there is another page.
      const read = (): ReturnType<PublicTasks['list']> => this.tasks.list(apiKeyId, filter, after, left + 1, signal);
      const { tasks, next, isLong } = await this.permits.piece(apiKeyId, read, signal, opening !== '');
      const shown = tasks.slice(0, left);
      last = shown.at(-1)?.position ?? last;
      left -= shown.length;
      if (isLong) looks += 1;
      const isFull = tasks.length > shown.length;
      const isLast = isFull || next === null || looks === MOST_LOOKS;
      const text = opening + (await texts.of(shown, ({ task }) => this.views.of(task, linkBase)));
      if (!isLast) {
        yield { text, isLast };
        [opening, after] = ['', next];
        continue;
      }
      if (isBare) return yield { text: `${text}]`, isLast };
      const end = isFull ? last : next;
      const nextCursor = end === null ? null : toCursor(end, apiKeyId, this.secrets);
      return yield { text: `${text}],"nextCursor":${JSON.stringify(nextCursor)}}`, isLast };
    }
  }

  /** The oldest 1,000 unfinished tasks, oldest first. */
  async *queue({ apiKeyId, linkBase, signal }: ListCall): AsyncGenerator<AnswerPiece, void, void> {
    const texts = new ItemTexts();
    let opening = '[';
    for (let after: PagePosition | null = null, left = LONGEST_QUEUE; ;) {
      const read = (): ReturnType<PublicTasks['queue']> => this.tasks.queue(apiKeyId, after, left, signal);
      const { tasks, next } = await this.permits.piece(apiKeyId, read, signal, opening !== '');
      left -= tasks.length;
      const isLast = next === null || left === 0;
      const text = opening + (await texts.of(tasks, ({ task }) => this.views.of(task, linkBase)));
      yield { text: isLast ? `${text}]` : text, isLast };
      if (isLast) return;
      [opening, after] = ['', next];
    }
  }
}

function wrong(field: string): MjError {
  return new MjError('bind_request_body_failed', { properties: { field } });
}
