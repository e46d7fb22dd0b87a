import { Inject, Injectable } from '@nestjs/common';
import { PriceList } from '#libs/access';
import { Database } from '#libs/database';
import { EgressPolicy } from '#libs/net';
import { Submissions, TaskRepository, type Submission, type Task, type TaskDraft } from '#libs/tracking';
import { UpstreamPool } from '#libs/upstream';
import { parseBotType } from '#libs/wire';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { MjError } from '../http/mj-error.js';
import { planAction } from './action.plan.js';
import type { ActionDto } from './action.dto.js';
import { readIdempotency, type Idempotency } from './idempotency.js';
import { planImagine } from './imagine.plan.js';
import type { ImagineDto } from './imagine.dto.js';
import type { SubmitCall } from './submit-call.js';
import type { SubmitPlan } from './submit-plan.js';
import { resultOf, toReply, type Reply } from './submit-reply.js';
import type { SubmitReplyDto } from './submit-reply.dto.js';
import { chooseMode, readHook, readState, type ChosenMode } from './submit-terms.js';

/** An answer, and whether it was given before. */
export interface SubmitAnswer extends Reply {
  replayed: boolean;
}

const UPSTREAM_RETRY_SECONDS = 10;

/** Puts terms to what a route asks for (mode, price, hook, parent's upstream) and answers what became of it. */
@Injectable()
export class SubmitService {
  constructor(
    private readonly submissions: Submissions,
    private readonly tasks: TaskRepository,
    private readonly prices: PriceList,
    private readonly pool: UpstreamPool,
    private readonly egress: EgressPolicy,
    private readonly database: Database,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async imagine(call: SubmitCall, body: ImagineDto): Promise<SubmitAnswer> {
    return this.submit(call, await planImagine(body));
  }

  async action(call: SubmitCall, body: ActionDto): Promise<SubmitAnswer> {
    return this.submit(call, await planAction(body, (taskId) => this.findOwn(taskId, call)));
  }

  /** @throws MjError before anything is charged or sent */
  private async submit(call: SubmitCall, plan: SubmitPlan): Promise<SubmitAnswer> {
    const terms = chooseMode({
      body: plan.body,
      prefix: call.pathMode,
      prompt: plan.parent === null ? plan.prompt : '',
      parent: plan.parent?.mode ?? null,
      key: call.key,
      fallback: this.environment.DEFAULT_MODE,
    });
    const idempotency = readIdempotency(call.headers, call.route, plan.body, terms.mode);
    const draft = await this.draftOrKnown(call, plan, terms, idempotency);
    if ('replayed' in draft) return draft;
    const submission = await this.submissions.submit({
      draft,
      command: plan.command(terms),
      answerOf: (outcome, task) => {
        const { body } = toReply(resultOf(outcome, task), this.environment.SUBMIT_CODES);
        return task.waiting || task.idemKey === null || body.result === null ? null : body;
      },
    });
    return this.answer(call, submission, draft);
  }

  /** Work that is known is answered even where it could not be begun now: a replay needs no price and no upstream. */
  private async draftOrKnown(
    call: SubmitCall,
    plan: SubmitPlan,
    terms: ChosenMode,
    idempotency: Idempotency | null,
  ): Promise<TaskDraft | SubmitAnswer> {
    try {
      return await this.draft(call, plan, terms, idempotency);
    } catch (error) {
      if (!(error instanceof MjError)) throw error;
      const known = await this.answerKnown({ apiKeyId: call.key.id, idempotency, repeatKey: plan.repeatKey });
      if (known === null) throw error;
      return known;
    }
  }

  private async draft(
    call: SubmitCall,
    plan: SubmitPlan,
    terms: ChosenMode,
    idempotency: Idempotency | null,
  ): Promise<TaskDraft> {
    const { key } = call;
    const state = readState(plan.body);
    const notifyHook = readHook(plan.body, key, this.egress);
    if (key.modes?.includes(terms.mode) === false) throw new MjError('mode_not_allowed');
    if (key.actions?.includes(plan.action) === false) throw new MjError('action_not_allowed');
    const price = await this.prices.priceOf(plan.action, terms.mode);
    if (price === null) throw new MjError('mode_not_allowed');
    const upstreamId = plan.parent?.upstreamId ?? null;
    if (upstreamId !== null && !this.pool.isUsable(upstreamId, this.database.now())) {
      throw new MjError('upstream_not_available', { retryAfter: UPSTREAM_RETRY_SECONDS });
    }
    return {
      apiKeyId: key.id,
      action: plan.action,
      mode: terms.mode,
      botType: plan.parent?.botType ?? parseBotType(plan.body.botType),
      prompt: plan.prompt,
      description: plan.description,
      state,
      parentId: plan.parent?.id ?? null,
      customId: plan.customId,
      repeatKey: plan.repeatKey,
      upstreamId,
      price,
      notifyHook,
      notifyTerminalOnly: (plan.body.notifyEvents ?? (key.notifyTerminalOnly ? 'terminal' : 'all')) === 'terminal',
      baseUrl: call.linkBase,
      requestId: call.requestId,
      idempotency,
    };
  }

  private async answer(call: SubmitCall, submission: Submission, draft: TaskDraft): Promise<SubmitAnswer> {
    const style = this.environment.SUBMIT_CODES;
    const fresh = (reply: Reply): SubmitAnswer => ({ ...reply, replayed: false });
    switch (submission.kind) {
      case 'sent': {
        const { task, outcome } = submission;
        if (!task.refused) call.opened(task.id);
        return fresh(toReply(resultOf(outcome, task), style));
      }
      case 'waiting':
        call.opened(submission.task.id);
        return fresh(toReply({ kind: 'queued', taskId: submission.task.id, ahead: submission.ahead }, style));
      case 'replay':
      case 'repeat':
        return (await this.answerKnown(draft)) ?? fresh(toReply({ kind: 'busy' }, style));
      case 'quota': {
        const known = await this.answerKnown(draft);
        if (known === null) throw new MjError('quota_not_enough');
        return known;
      }
      case 'busy':
        return (await this.answerKnown(draft)) ?? fresh(toReply({ kind: 'busy' }, style));
      case 'queue_full':
      case 'full':
        return (await this.answerKnown(draft)) ?? fresh(toReply({ kind: 'queue_full' }, style));
      case 'no_candidate':
        return (await this.answerKnown(draft)) ?? fresh(toReply({ kind: 'no_account' }, style));
    }
  }

  /**
   * The answer to work that is already known by its Idempotency-Key or as a repeated upscale; null when it is not. Also
   * asked after a refusal: the first request may have been opened while this one was judged.
   */
  private async answerKnown(
    draft: Pick<TaskDraft, 'apiKeyId' | 'idempotency' | 'repeatKey'>,
  ): Promise<SubmitAnswer | null> {
    if (draft.idempotency !== null) {
      const { route, key, print } = draft.idempotency;
      const first = await this.tasks.findIdempotent(draft.apiKeyId, route, key);
      if (first !== null) {
        if (first.idemPrint !== print) throw new MjError('idempotency_key_reused');
        return { ...this.replayOf(first), replayed: true };
      }
    }
    const same = draft.repeatKey === null ? null : await this.tasks.findRepeat(draft.apiKeyId, draft.repeatKey);
    return same === null
      ? null
      : { ...toReply({ kind: 'exists', taskId: same.id }, this.environment.SUBMIT_CODES), replayed: false };
  }

  /** The first answer again; while it is being sent there is none, and a lost one is an acceptance. */
  private replayOf(first: Task): Reply {
    if (first.answer !== null) return { status: 200, retryAfter: null, body: first.answer as SubmitReplyDto };
    const isBeingSent =
      first.sendDeadline !== null && first.sendDeadline > this.database.now() && first.upstreamTaskId === null;
    if (isBeingSent) throw new MjError('request_outstanding', { retryAfter: 1 });
    return toReply({ kind: 'accepted', taskId: first.id }, this.environment.SUBMIT_CODES);
  }

  private async findOwn(taskId: string, { key }: SubmitCall): Promise<Task | null> {
    return /^\d{16}$/.test(taskId) ? this.tasks.find(taskId, key.id) : null;
  }
}
