import { Injectable } from '@nestjs/common';
import { Database, DatabaseUnavailableError } from '#libs/database';
import { DuplicateSubmitNotifier, TaskRepository, type Task, type NewTask } from '#libs/tracking';
import type { Outcome } from '#libs/upstream';
import { MjError } from '../http/errors/mj-error.js';
import { SubmitReplies } from './submit-replies.js';
import { firstAnswer, resultOf, type Reply, type SubmitAnswer } from './submit-reply.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';

/** What identifies work that was submitted before: its Idempotency-Key, or its repeat key. */
export type KnownBy = Pick<NewTask, 'apiKeyId' | 'idempotency' | 'repeatKey' | 'notifyHook'>;

/** Answers to work that was submitted before: keeps them, and finds them again. */
@Injectable()
export class KnownAnswers {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly repeats: DuplicateSubmitNotifier,
    private readonly database: Database,
    private readonly replies: SubmitReplies,
  ) {}

  /**
   * The answer to work that is already known by its Idempotency-Key or as a repeated upscale; null when it is not. Also
   * asked after a refusal: the first request may have been opened while this one was judged.
   * @throws MjError `idempotency_key_reused`, `request_outstanding`
   */
  async find({ apiKeyId, idempotency, repeatKey, notifyHook }: KnownBy): Promise<SubmitAnswer | null> {
    if (idempotency !== null) {
      const { route, key, print } = idempotency;
      const first = await this.tasks.findIdempotent(apiKeyId, route, key);
      if (first !== null) {
        if (first.idemPrint !== print) throw new MjError('idempotency_key_reused');
        return { ...(await this.replayOf(first)), replayed: true, taken: [] };
      }
    }
    const same = repeatKey === null ? null : await this.tasks.findRepeat(apiKeyId, repeatKey);
    if (same === null) return null;
    await this.repeats.notify(same, notifyHook);
    return firstAnswer(this.replies.of({ kind: 'exists', taskId: same.id }));
  }

  /** The answer to work that is known, else this refusal. @throws MjError where that is the refusal */
  async findOr(refusal: Reply | MjError, by: KnownBy): Promise<SubmitAnswer> {
    const known = await this.find(by);
    if (known !== null) return known;
    if (refusal instanceof MjError) throw refusal;
    return firstAnswer(refusal);
  }

  /**
   * Keeps the answer of a task that no statement of its send has kept. The task is opened and will run: an answer that
   * cannot be kept now must not make its client send it again.
   */
  async keep({ id, idemKey }: Task, { body }: Reply): Promise<void> {
    if (idemKey === null) return;
    await this.tasks.keepAnswer(id, body).catch((error: unknown) => {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
    });
  }

  /** The stored answer. A task that is still being sent has none yet; one whose answer was lost is answered as accepted. */
  private async replayOf(first: Task): Promise<Reply> {
    if (first.answer !== null) return { status: 200, retryAfter: null, body: first.answer as SubmitReplyDto };
    const series = await this.tasks.findSeries(first);
    if (series.length > 1) {
      if (series.some(({ isBeingSent }) => isBeingSent)) throw outstanding();
      const taskIds = series.map(({ id }) => id);
      return this.replies.of({ kind: 'series', taskIds, jobs: taskIds.length, ahead: null });
    }
    const isBeingSent =
      first.sendDeadline !== null && first.sendDeadline > this.database.now() && first.upstreamTaskId === null;
    if (isBeingSent) throw outstanding();
    const lost: Outcome = { kind: 'unknown', fault: 'timeout' };
    return this.replies.of(resultOf(lost, first));
  }
}

function outstanding(): MjError {
  return new MjError('request_outstanding', { retryAfter: 1 });
}
