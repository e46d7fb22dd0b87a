import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { DuplicateSubmitNotifier, TaskRepository, type Task, type NewTask } from '#libs/tracking';
import type { Outcome } from '#libs/upstream';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { MjError } from '../http/errors/mj-error.js';
import { resultOf, toReply, type Reply, type SubmitAnswer } from './submit-reply.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';

/** What makes work known: its Idempotency-Key, or that it may not be done twice. */
export type KnownBy = Pick<NewTask, 'apiKeyId' | 'idempotency' | 'repeatKey' | 'notifyHook'>;

/** Answers to work that was submitted before. */
@Injectable()
export class KnownAnswers {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly repeats: DuplicateSubmitNotifier,
    private readonly database: Database,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
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
        return { ...(await this.replayOf(first)), replayed: true };
      }
    }
    const same = repeatKey === null ? null : await this.tasks.findRepeat(apiKeyId, repeatKey);
    if (same === null) return null;
    await this.repeats.tell(same, notifyHook);
    return { ...toReply({ kind: 'exists', taskId: same.id }, this.environment.SUBMIT_CODES), replayed: false };
  }

  /** The first answer again; while it is being sent there is none, and a lost one is an acceptance. */
  private async replayOf(first: Task): Promise<Reply> {
    if (first.answer !== null) return { status: 200, retryAfter: null, body: first.answer as SubmitReplyDto };
    const style = this.environment.SUBMIT_CODES;
    const series = await this.tasks.findSeries(first);
    if (series.length > 1) {
      if (series.some(({ isBeingSent }) => isBeingSent)) throw outstanding();
      const taskIds = series.map(({ id }) => id);
      return toReply({ kind: 'series', taskIds, jobs: taskIds.length, ahead: null }, style);
    }
    const isBeingSent =
      first.sendDeadline !== null && first.sendDeadline > this.database.now() && first.upstreamTaskId === null;
    if (isBeingSent) throw outstanding();
    const lost: Outcome = { kind: 'unknown', fault: 'timeout' };
    return toReply(resultOf(lost, first), style);
  }
}

function outstanding(): MjError {
  return new MjError('request_outstanding', { retryAfter: 1 });
}
