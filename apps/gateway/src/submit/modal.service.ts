import { Injectable } from '@nestjs/common';
import { Submissions, type Task, type ModalTerms } from '#libs/tracking';
import { UpstreamCache, type SubmitCommand } from '#libs/upstream';
import { MjError, upstreamNotAvailable } from '../http/errors/mj-error.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';
import { isBlank, ModalChecks } from './modal-checks.js';
import { SubmitPictures } from './pictures/submit-pictures.js';
import { workOf, type ModalPlan } from './plans/modal.plan.js';
import { withWarnings } from './plans/typed-prompt.js';
import type { SubmitCall } from './submit-call.js';
import { SubmitReplies } from './submit-replies.js';
import { firstAnswer, resultOf, type SubmitAnswer } from './submit-reply.js';

/** Confirms modals: one is sent however often it is posted, and every post is answered with the same id. */
@Injectable()
export class ModalService {
  constructor(
    private readonly submissions: Submissions,
    private readonly checks: ModalChecks,
    private readonly upstreams: UpstreamCache,
    private readonly pictures: SubmitPictures,
    private readonly replies: SubmitReplies,
  ) {}

  /** @throws MjError before anything is charged or sent */
  async confirm(call: SubmitCall, plan: ModalPlan): Promise<SubmitReplyDto> {
    return this.replies.write(call, await this.answerTo(call, plan));
  }

  private async answerTo(call: SubmitCall, plan: ModalPlan): Promise<SubmitAnswer> {
    const modal = await this.checks.find(plan, call.key.id);
    call.planned(modal.action, modal.mode);
    const verdict = await this.checks.judge(call.key, modal, plan);
    if (verdict.kind === 'confirmed') return this.again(modal.id);
    if (verdict.kind === 'banned') return firstAnswer(this.replies.of(verdict));
    const { prompt, parent, findings, price } = verdict;
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

  private again(taskId: string): SubmitAnswer {
    return firstAnswer(this.replies.of({ kind: 'accepted', taskId }));
  }
}
