import { Inject, Injectable } from '@nestjs/common';
import { BannedWords, PriceList } from '#libs/access';
import { Database } from '#libs/database';
import { HookUrls } from '#libs/hooks';
import {
  GroupSubmissions,
  RepeatTeller,
  Submissions,
  TaskRepository,
  type Submission,
  type Task,
  type TaskDraft,
} from '#libs/tracking';
import { UpstreamPool, type Outcome, type SubmitCommand } from '#libs/upstream';
import type { Finding } from '#libs/wire';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { MjError, upstreamNotAvailable } from '../http/mj-error.js';
import { readIdempotency, type Idempotency } from './idempotency.js';
import { InputPictures } from './input-pictures.js';
import type { FindParent } from './parent.js';
import type { LinkedPicture, TakePicture } from './picture.js';
import { PictureFetcher, type FetchedPictures } from './picture-fetcher.js';
import type { SubmitCall } from './submit-call.js';
import type { SubmitPlan } from './submit-plan.js';
import { groupReply, resultOf, toReply, type Reply, type SubmitAnswer } from './submit-reply.js';
import type { SubmitReplyDto } from './submit-reply.dto.js';
import { SubmitReplyWriter } from './submit-reply.writer.js';
import { chooseMode, readHook, readState, type ChosenMode } from './submit-terms.js';
import { findingsOn, refuseInvalid, withWarnings } from './typed-prompt.js';

/** What may be opened now, with what it needs. */
interface Begun {
  draft: TaskDraft;
  pictures: FetchedPictures;
}

/** Puts terms to what a route asks for (mode, price, hook, parent's upstream) and answers what became of it. */
@Injectable()
export class SubmitService {
  constructor(
    private readonly submissions: Submissions,
    private readonly groups: GroupSubmissions,
    private readonly repeats: RepeatTeller,
    private readonly tasks: TaskRepository,
    private readonly prices: PriceList,
    private readonly banned: BannedWords,
    private readonly pool: UpstreamPool,
    private readonly hookUrls: HookUrls,
    private readonly database: Database,
    private readonly fetcher: PictureFetcher,
    private readonly replies: SubmitReplyWriter,
    private readonly inputs: InputPictures,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Finds tasks of the caller, for what builds on them. */
  parentsOf({ key }: SubmitCall): FindParent {
    return async (taskId) => (/^\d{16}$/.test(taskId) ? this.tasks.find(taskId, key.id) : null);
  }

  /** Opens, sends and answers what a route planned. @throws MjError before anything is charged or sent */
  async submit(call: SubmitCall, plan: SubmitPlan): Promise<SubmitReplyDto> {
    return this.replies.write(call, await this.answerTo(call, plan));
  }

  private async answerTo(call: SubmitCall, plan: SubmitPlan): Promise<SubmitAnswer> {
    const terms = chooseMode({
      body: plan.body,
      prefix: call.pathMode,
      // A follow-up that types no prompt asks for nothing by it.
      prompt: plan.prompt === plan.parent?.prompt ? '' : plan.prompt,
      parent: plan.parent?.mode ?? null,
      key: call.key,
      fallback: this.environment.DEFAULT_MODE,
    });
    call.planned(plan.action, terms.mode);
    const idempotency = readIdempotency(call.headers, call.route, plan.body, terms.mode);
    const findings = findingsOn(call.key, plan.typed);
    const begun = await this.beginOrKnown(call, plan, terms, idempotency, findings);
    if ('replayed' in begun) return begun;
    const { draft, pictures } = begun;
    try {
      return await this.send(call, plan, draft, commandOf(plan, terms, pictures.take), findings);
    } finally {
      pictures.leave();
    }
  }

  private async send(
    call: SubmitCall,
    plan: SubmitPlan,
    draft: TaskDraft,
    command: SubmitCommand,
    findings: readonly Finding[],
  ): Promise<SubmitAnswer> {
    if (plan.group !== undefined) return this.submitGroup(call, plan.group, draft, command);
    const submission = await this.submissions.submit({
      draft,
      command: await this.inputs.converted(command, call.key.id),
      traceparent: call.traceparent,
      answerOf: (outcome, task) => {
        const { body } = withWarnings(toReply(resultOf(outcome, task), this.environment.SUBMIT_CODES), findings);
        return task.waiting || task.idemKey === null || body.result === null ? null : body;
      },
    });
    return this.answer(call, submission, draft, findings);
  }

  /** One press, several tasks: each has its own price, and the answer names all of them. */
  private async submitGroup(
    call: SubmitCall,
    buttons: readonly [string, ...string[]],
    draft: TaskDraft,
    command: SubmitCommand,
  ): Promise<SubmitAnswer> {
    const [first, ...others] = buttons;
    const style = this.environment.SUBMIT_CODES;
    const submission = await this.groups.submit({
      drafts: [{ ...draft, customId: first }, ...others.map((customId) => ({ ...draft, customId, idempotency: null }))],
      command,
      traceparent: call.traceparent,
      answerOf: (outcome, accepted) =>
        draft.idempotency === null || accepted.length === 0 ? null : groupReply(outcome, accepted, draft, style).body,
    });
    if (submission.kind !== 'sent') return this.answer(call, submission, draft);
    for (const task of submission.accepted) call.opened(task);
    return { ...groupReply(submission.outcome, submission.accepted, draft, style), replayed: false };
  }

  /** Work that is known is answered even where it could not be begun now: a replay needs no price, upstream or picture. */
  private async beginOrKnown(
    call: SubmitCall,
    plan: SubmitPlan,
    terms: ChosenMode,
    idempotency: Idempotency | null,
    findings: readonly Finding[],
  ): Promise<Begun | SubmitAnswer> {
    let refusal: MjError | Reply;
    try {
      const draft = await this.draft(call, plan, terms, idempotency);
      refuseInvalid(call.key, findings);
      const bannedWord = plan.typed === undefined ? null : await this.banned.find(plan.typed.text);
      // Links last: nobody has anything fetched by what is refused anyhow, or was done before.
      if (bannedWord === null) {
        const { links = [] } = plan;
        const known = links.length === 0 || idempotency === null ? null : await this.answerKnown(draft);
        return known ?? { draft, pictures: await this.fetchPictures(call, links) };
      }
      refusal = toReply({ kind: 'banned', promptEn: plan.prompt, bannedWord }, this.environment.SUBMIT_CODES);
    } catch (error) {
      if (!(error instanceof MjError)) throw error;
      refusal = error;
    }
    const known = await this.answerKnown({
      apiKeyId: call.key.id,
      idempotency,
      repeatKey: plan.repeatKey,
      notifyHook: null,
    });
    if (known !== null) return known;
    if (refusal instanceof MjError) throw refusal;
    return { ...refusal, replayed: false };
  }

  private fetchPictures({ key, requestId }: SubmitCall, links: readonly LinkedPicture[]): Promise<FetchedPictures> {
    return this.fetcher.fetch(links, { keyId: key.id, requestId });
  }

  private async draft(
    call: SubmitCall,
    plan: SubmitPlan,
    { mode }: ChosenMode,
    idempotency: Idempotency | null,
  ): Promise<TaskDraft> {
    const { key } = call;
    const state = readState(plan.body);
    const notifyHook = readHook(plan.body, key, this.hookUrls);
    if (key.modes?.includes(mode) === false) throw new MjError('mode_not_allowed');
    if (key.actions?.includes(plan.action) === false) throw new MjError('action_not_allowed');
    const price = await this.prices.priceOf(plan.action, mode);
    if (price === null) throw new MjError('mode_not_allowed');
    const upstreamId = plan.parent?.upstreamId ?? null;
    if (upstreamId !== null && !this.pool.isUsable(upstreamId)) {
      throw upstreamNotAvailable();
    }
    return {
      apiKeyId: key.id,
      action: plan.action,
      mode,
      botType: plan.botType,
      prompt: plan.prompt,
      description: plan.description,
      state,
      parentId: plan.parent?.id ?? null,
      customId: plan.customId,
      repeatKey: plan.repeatKey,
      upstreamId,
      price,
      retries: plan.body.retries ?? key.retries,
      notifyHook,
      notifyTerminalOnly: (plan.body.notifyEvents ?? (key.notifyTerminalOnly ? 'terminal' : 'all')) === 'terminal',
      baseUrl: call.linkBase,
      requestId: call.requestId,
      idempotency,
    };
  }

  private async answer(
    call: SubmitCall,
    submission: Submission,
    draft: TaskDraft,
    findings: readonly Finding[] = [],
  ): Promise<SubmitAnswer> {
    const style = this.environment.SUBMIT_CODES;
    const fresh = (reply: Reply): SubmitAnswer => ({ ...reply, replayed: false });
    switch (submission.kind) {
      case 'sent': {
        const { task, outcome } = submission;
        if (!task.refused) call.opened(task);
        return fresh(withWarnings(toReply(resultOf(outcome, task), style), findings));
      }
      case 'waiting':
        return this.answerWaiting(call, submission, findings);
      case 'replay':
      case 'repeat':
        return (await this.answerKnown(draft)) ?? fresh(toReply({ kind: 'busy' }, style));
      case 'quota': {
        const known = await this.answerKnown(draft);
        if (known === null) throw new MjError('quota_not_enough');
        return known;
      }
      case 'busy':
        return (await this.answerKnown(draft)) ?? fresh(toReply(submission, style));
      case 'queue_full':
      case 'full':
        return (await this.answerKnown(draft)) ?? fresh(toReply({ kind: 'queue_full' }, style));
      case 'no_candidate':
        return (await this.answerKnown(draft)) ?? fresh(toReply({ kind: 'no_account' }, style));
    }
  }

  /** A replay gets the same answer, also when the task has been sent by then. */
  private async answerWaiting(
    call: SubmitCall,
    { task, ahead }: Extract<Submission, { kind: 'waiting' }>,
    findings: readonly Finding[],
  ): Promise<SubmitAnswer> {
    call.opened(task);
    const queued = toReply({ kind: 'queued', taskId: task.id, ahead }, this.environment.SUBMIT_CODES);
    const reply = withWarnings(queued, findings);
    if (task.idemKey !== null) await this.tasks.keepAnswer(task.id, reply.body);
    return { ...reply, replayed: false };
  }

  /**
   * The answer to work that is already known by its Idempotency-Key or as a repeated upscale; null when it is not. Also
   * asked after a refusal: the first request may have been opened while this one was judged.
   */
  private async answerKnown(
    draft: Pick<TaskDraft, 'apiKeyId' | 'idempotency' | 'repeatKey' | 'notifyHook'>,
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
    if (same === null) return null;
    await this.repeats.tell(same, draft.notifyHook);
    return { ...toReply({ kind: 'exists', taskId: same.id }, this.environment.SUBMIT_CODES), replayed: false };
  }

  /** The first answer again; while it is being sent there is none, and a lost one is an acceptance. */
  private replayOf(first: Task): Reply {
    if (first.answer !== null) return { status: 200, retryAfter: null, body: first.answer as SubmitReplyDto };
    const isBeingSent =
      first.sendDeadline !== null && first.sendDeadline > this.database.now() && first.upstreamTaskId === null;
    if (isBeingSent) throw new MjError('request_outstanding', { retryAfter: 1 });
    const lost: Outcome = { kind: 'unknown', fault: 'timeout' };
    return toReply(resultOf(lost, first), this.environment.SUBMIT_CODES);
  }
}

/** The work of a plan on its terms. */
function commandOf(plan: SubmitPlan, { mode, isChosen }: ChosenMode, take: TakePicture): SubmitCommand {
  const { botType, accountFilter } = plan;
  return Object.assign(plan.work(take), { botType, mode, modeIsChosen: isChosen, accountFilter });
}
