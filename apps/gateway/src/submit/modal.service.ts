import { Injectable } from '@nestjs/common';
import { BannedWords, PriceList } from '#libs/access';
import { Submissions, TaskRepository, type Task, type ModalTerms } from '#libs/tracking';
import { UpstreamCache, type SubmitCommand } from '#libs/upstream';
import { jobsOf, parseTaskId } from '#libs/wire';
import { MjError, upstreamNotAvailable } from '../http/errors/mj-error.js';
import { requirePrompt } from '../http/request-body/required-prompt.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';
import { SubmitPictures } from './pictures/submit-pictures.js';
import { inheritedPrompt } from './plans/inherited-prompt.js';
import { workOf, type ModalPlan } from './plans/modal.plan.js';
import { findingsOn, refuseInvalid, withWarnings, type TypedPrompt } from './plans/typed-prompt.js';
import type { SubmitCall } from './submit-call.js';
import { SubmitReplies } from './submit-replies.js';
import { firstAnswer, resultOf, type SubmitAnswer } from './submit-reply.js';

/** Confirms modals: one is sent however often it is posted, and every post is answered with the same id. */
@Injectable()
export class ModalService {
  constructor(
    private readonly submissions: Submissions,
    private readonly tasks: TaskRepository,
    private readonly prices: PriceList,
    private readonly banned: BannedWords,
    private readonly upstreams: UpstreamCache,
    private readonly pictures: SubmitPictures,
    private readonly replies: SubmitReplies,
  ) {}

  /** @throws MjError before anything is charged or sent */
  async confirm(call: SubmitCall, plan: ModalPlan): Promise<SubmitReplyDto> {
    return this.replies.write(call, await this.answerTo(call, plan));
  }

  private async answerTo(call: SubmitCall, plan: ModalPlan): Promise<SubmitAnswer> {
    const id = parseTaskId(plan.taskId);
    const modal = id === null ? null : await this.tasks.find(id, call.key.id);
    if (modal === null) throw new MjError('task_not_found', { properties: { field: 'taskId' } });
    call.planned(modal.action, modal.mode);
    if (modal.confirmedAt !== null) return this.again(modal.id);
    if (modal.status !== 'MODAL') throw new MjError('task_status_not_success', { properties: { field: 'taskId' } });
    const shown = shownPrompt(modal, plan);
    // A modal that its upstream knows is confirmed without its parent, unless its prompt is its parent's.
    const parent = shown === undefined || modal.upstreamTaskId === null ? await this.parentOf(modal) : null;
    const prompt = requirePrompt(shown ?? inheritedBy(modal, parent));
    refuseJobs(modal, prompt, !isBlank(plan.prompt));
    const findings = findingsOn(call.key, typedPrompt(modal, plan));
    refuseInvalid(call.key, findings);
    const bannedWord = await this.banned.find(prompt);
    if (bannedWord !== null) return firstAnswer(this.replies.of({ kind: 'banned', promptEn: prompt, bannedWord }));
    const price = await this.priceOf(modal);
    const asker = { keyId: call.key.id, requestId: call.requestId };
    const ready = await this.pictures.prepare(workOf(modal, { prompt, mask: plan.mask, parent }), asker);
    try {
      const { botType, mode } = modal;
      const command = { ...ready.work, botType, mode, modeIsChosen: false, accountFilter: null };
      const typed = isBlank(plan.prompt) ? null : prompt;
      const answer = await this.send(call, modal, { price, prompt: typed }, command);
      return { ...answer, ...withWarnings(answer, findings) };
    } finally {
      ready.release();
    }
  }

  private async parentOf({ parentId, apiKeyId }: Task): Promise<Task | null> {
    return parentId === null ? null : this.tasks.find(parentId, apiKeyId);
  }

  private async send(call: SubmitCall, modal: Task, terms: ModalTerms, command: SubmitCommand): Promise<SubmitAnswer> {
    if (!this.upstreams.isUsable(modal.upstreamId ?? '')) throw upstreamNotAvailable();
    const submission = await this.submissions.confirm(modal, terms, command, call.traceparent);
    switch (submission.kind) {
      case 'gone':
        return this.again(modal.id);
      case 'incomplete':
        throw submission.field === 'mask'
          ? new MjError('base64_is_invalid', { properties: { field: 'maskBase64' } })
          : new MjError('prompt_is_invalid', { properties: { field: 'prompt' } });
      case 'sent':
        return firstAnswer(this.replies.of(resultOf(submission.outcome, submission.task)), [modal]);
      case 'waiting':
        return firstAnswer(this.replies.of({ kind: 'queued', taskId: modal.id, ahead: submission.ahead }), [modal]);
      default: {
        const refusal = this.replies.refusalOf(submission);
        if (refusal instanceof MjError) throw refusal;
        return firstAnswer(refusal);
      }
    }
  }

  /** The price of a modal's action; those that only open a modal pay MODAL's price. @throws MjError */
  private async priceOf({ action, mode }: Task): Promise<string> {
    const price = await this.prices.priceOf(action === 'INPAINT' || action === 'CUSTOM_ZOOM' ? 'MODAL' : action, mode);
    if (price === null) throw new MjError('mode_not_allowed');
    return price;
  }

  private again(taskId: string): SubmitAnswer {
    return firstAnswer(this.replies.of({ kind: 'accepted', taskId }));
  }
}

/**
 * A modal is one task at the price of one, so a prompt in it is one job; but not the text of another task, which its upstream
 * shows as that had it. @throws MjError `prompt_is_several_jobs`
 */
function refuseJobs({ action }: Task, prompt: string, isTyped: boolean): void {
  const { count } = jobsOf(prompt);
  if (count === 1 || (action !== 'IMAGINE' && !isTyped)) return;
  throw new MjError('prompt_is_several_jobs', { properties: { field: 'prompt', jobs: count } });
}

/** The typed prompt, else the one that the modal shows; undefined: neither. */
function shownPrompt({ finalPrompt }: Task, { prompt }: ModalPlan): string | undefined {
  return [prompt, finalPrompt].find((text) => !isBlank(text));
}

/** The prompt of a modal without one: its parent's, as its own may have been declined. */
function inheritedBy({ customId, prompt }: Task, parent: Task | null): string {
  return (parent === null ? '' : inheritedPrompt(parent, customId)) || prompt;
}

/** The prompt that the client typed into the modal, for the lint; it may describe the picture or the masked part. */
function typedPrompt({ action, botType }: Task, { prompt }: ModalPlan): TypedPrompt | undefined {
  if (isBlank(prompt)) return undefined;
  return { text: prompt, lint: { botType, images: 1, isVideo: action === 'VIDEO', needsText: false } };
}

const isBlank = (text: string | null | undefined): boolean => (text ?? '').trim() === '';
