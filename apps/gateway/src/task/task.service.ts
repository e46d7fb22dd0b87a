import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { PublicTasks, TaskViews, TaskWatch, type PublicTask } from '#libs/tracking';
import { isTerminal, parseTaskId, type TaskView } from '#libs/wire';
import { ItemTexts, type AnswerPiece } from '../http/answers/pieced-answer.js';
import { ReadPermits } from '../traffic/read-permits.js';
import { namesEtag } from '../http/headers/entity-tag.js';
import { MjError } from '../http/errors/mj-error.js';
import type { RequestLife } from '../traffic/request-life.js';
import { secondsToNextFetch } from './fetch-pace.js';
import { etagOf } from './task-etag.js';
import type { ListCall } from './task-list.service.js';

const MAX_IDS = 10_000;

/** A fetch as it was asked for. */
export interface FetchCall {
  id: string;
  apiKeyId: string;
  linkBase: string;
  /** Longest wait, s; null: none. */
  waitSeconds: number | null;
  ifNoneMatch: string | undefined;
  /** Of the request: when the client is gone, nothing is waited for any more. */
  life: Pick<RequestLife, 'onEnd' | 'signal' | 'refusal'>;
}

export interface FetchAnswer {
  /** null: it is what `ifNoneMatch` names. */
  view: TaskView | null;
  etag: string;
  /** Seconds after which a fetch may bring news; null: it has ended. */
  retryAfter: number | null;
  /** False: no wait was asked for, or too many of the key's requests wait already. */
  hasWaited: boolean;
}

/** Reads of one's own tasks. */
@Injectable()
export class TaskService {
  constructor(
    private readonly tasks: PublicTasks,
    private readonly watch: TaskWatch,
    private readonly database: Database,
    private readonly views: TaskViews,
    private readonly permits: ReadPermits,
  ) {}

  /**
   * How a task stands; with a wait, once it differs from what the client has, or from what it is now. An ended one is
   * answered at once.
   * @throws MjError `task_no_found`, and what the wait was ended with
   */
  async fetch(call: FetchCall): Promise<FetchAnswer> {
    const { id, apiKeyId, waitSeconds, ifNoneMatch, linkBase } = call;
    const task = await this.find(id, apiKeyId);
    if (waitSeconds === null) return this.answer(task, call, false);
    const isNews = ifNoneMatch !== undefined && !namesEtag(ifNoneMatch, etagOf(task, linkBase));
    if (isNews || isTerminal(task.status)) return this.answer(task, call, true);
    const leave = this.watch.acquirePermit(apiKeyId);
    if (leave === null) return this.answer(task, call, false);
    const { life } = call;
    life.onEnd(leave);
    const { signal } = life;
    try {
      await this.watch.wait({ id: task.id, version: task.version, for: 'change', ms: waitSeconds * 1_000, signal });
    } finally {
      leave();
    }
    if (life.refusal !== null) throw life.refusal;
    return this.answer(signal.aborted ? task : await this.find(id, apiKeyId), call, true);
  }

  /** @throws MjError `task_no_found` for an unknown id and for another key's alike */
  async find(id: string, apiKeyId: string): Promise<PublicTask> {
    const known = parseTaskId(id);
    const task = known === null ? null : await this.tasks.find(known, apiKeyId);
    if (task === null) throw new MjError('task_no_found');
    return task;
  }

  /** In the order asked, each once; unknown ids are left out. @throws MjError `too_many_ids`, or for a value that is no id */
  async *list(
    ids: readonly unknown[],
    { apiKeyId, linkBase, signal }: ListCall,
  ): AsyncGenerator<AnswerPiece, void, void> {
    if (ids.length > MAX_IDS) throw new MjError('too_many_ids', { properties: { field: 'ids' } });
    if (ids.some((id) => typeof id !== 'string' && typeof id !== 'number')) {
      throw new MjError('bind_request_body_failed', { properties: { field: 'ids' } });
    }
    const wanted = [...new Set(ids.map(parseTaskId).filter((id) => id !== null))];
    if (wanted.length === 0) return yield { text: '[]', isLast: true };
    const texts = new ItemTexts();
    for (let at = 0; at < wanted.length;) {
      const read = (): ReturnType<PublicTasks['findMany']> => this.tasks.findMany(wanted.slice(at), apiKeyId, signal);
      const { tasks, taken } = await this.permits.piece(apiKeyId, read, signal, at === 0);
      const opening = at === 0 ? '[' : '';
      at += taken;
      const isLast = at >= wanted.length;
      const text = opening + (await texts.of(tasks, (task) => this.views.of(task, linkBase)));
      yield { text: isLast ? `${text}]` : text, isLast };
    }
  }

  private answer(task: PublicTask, { ifNoneMatch, linkBase }: FetchCall, hasWaited: boolean): FetchAnswer {
    const etag = etagOf(task, linkBase);
    return {
      view: namesEtag(ifNoneMatch, etag) ? null : this.views.of(task, linkBase),
      etag,
      retryAfter: secondsToNextFetch(task, this.database.now()),
      hasWaited,
    };
  }
}
