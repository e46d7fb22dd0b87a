import { Inject, Injectable } from '@nestjs/common';
import { BannedWords, PriceList } from '#libs/access';
import { EgressPolicy } from '#libs/net';
import { Submissions, TaskRepository, type Task, type ModalTerms } from '#libs/tracking';
import { UpstreamPool, type Picture, type SubmitCommand } from '#libs/upstream';
import { jobsOf, parseTaskId, promptToSend } from '#libs/wire';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { MjError, upstreamNotAvailable } from '../http/errors/mj-error.js';
import { requirePrompt } from '../http/request-body/required-prompt.js';
import { inheritedPrompt } from './plans/inherited-prompt.js';
import { InputPictures } from './pictures/input-pictures.js';
import type { ModalDto } from './dto/modal.dto.js';
import { PictureFetcher } from './pictures/picture-fetcher.js';
import { chosen, linksAmong, readPicture, type GivenPicture } from './pictures/picture.js';
import type { SubmitCall } from './submit-call.js';
import { resultOf, toReply, type Reply, type SubmitAnswer } from './submit-reply.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';
import { SubmitReplyWriter } from './submit-reply.writer.js';
import { findingsOn, refuseInvalid, withWarnings, type TypedPrompt } from './plans/typed-prompt.js';

/** Confirms windows: one is sent however often it is posted, and every post is answered with the same id. */
@Injectable()
export class ModalService {
  constructor(
    private readonly submissions: Submissions,
    private readonly tasks: TaskRepository,
    private readonly prices: PriceList,
    private readonly banned: BannedWords,
    private readonly pool: UpstreamPool,
    private readonly egress: EgressPolicy,
    private readonly fetcher: PictureFetcher,
    private readonly replies: SubmitReplyWriter,
    private readonly inputs: InputPictures,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** @throws MjError before anything is charged or sent */
  async confirm(call: SubmitCall, body: ModalDto): Promise<SubmitReplyDto> {
    return this.replies.write(call, await this.answerTo(call, body));
  }

  private async answerTo(call: SubmitCall, body: ModalDto): Promise<SubmitAnswer> {
    const given = body.taskId?.trim() ?? '';
    if (given === '') throw new MjError('task_id_is_required', { properties: { field: 'taskId' } });
    const mask = await this.readMask(body);
    const id = parseTaskId(given);
    const window = id === null ? null : await this.tasks.find(id, call.key.id);
    if (window === null) throw new MjError('task_not_found', { properties: { field: 'taskId' } });
    call.planned(window.action, window.mode);
    if (window.confirmedAt !== null) return this.again(window.id);
    if (window.status !== 'MODAL') throw new MjError('task_status_not_success', { properties: { field: 'taskId' } });
    const prompt = await this.promptOf(window, body);
    refuseJobs(window, prompt, !isBlank(body.prompt));
    const findings = findingsOn(call.key, typedPrompt(window, body));
    refuseInvalid(call.key, findings);
    const bannedWord = await this.banned.find(prompt);
    if (bannedWord !== null) {
      const reply = toReply({ kind: 'banned', promptEn: prompt, bannedWord }, this.environment.SUBMIT_CODES);
      return { ...reply, replayed: false };
    }
    const price = await this.priceOf(window);
    const asker = { keyId: call.key.id, requestId: call.requestId };
    const pictures = await this.fetcher.fetch(linksAmong(mask === null ? [] : [mask]), asker);
    try {
      const given = this.command(window, prompt, mask === null ? null : pictures.take(mask));
      const command = await this.inputs.converted(given, call.key.id);
      const typed = isBlank(body.prompt) ? null : prompt;
      const answer = await this.send(call, window, { price, prompt: typed }, command);
      return { ...answer, ...withWarnings(answer, findings) };
    } finally {
      pictures.leave();
    }
  }

  /** It falls back to what the window shows, then to its parent's: its own may be one that was declined. @throws MjError */
  private async promptOf(window: Task, { prompt }: ModalDto): Promise<string> {
    const shown = [prompt, window.finalPrompt].find((text) => !isBlank(text));
    if (shown !== undefined) return requirePrompt(shown);
    const { parentId, apiKeyId, customId } = window;
    const parent = parentId === null ? null : await this.tasks.find(parentId, apiKeyId);
    const inherited = parent === null ? '' : inheritedPrompt(parent, customId);
    return requirePrompt(inherited || window.prompt);
  }

  private async readMask({ maskBase64, mask }: ModalDto): Promise<GivenPicture | null> {
    for (const [field, text] of Object.entries({ maskBase64, mask })) {
      const [picture] = chosen([text ?? '']);
      if (picture !== undefined) return readPicture(picture, field, this.egress);
    }
    return null;
  }

  private async send(call: SubmitCall, window: Task, terms: ModalTerms, command: SubmitCommand): Promise<SubmitAnswer> {
    if (!this.pool.isUsable(window.upstreamId ?? '')) {
      throw upstreamNotAvailable();
    }
    const submission = await this.submissions.confirm(window, terms, command, call.traceparent);
    const style = this.environment.SUBMIT_CODES;
    const fresh = (reply: Reply): SubmitAnswer => ({ ...reply, replayed: false });
    switch (submission.kind) {
      case 'gone':
        return this.again(window.id);
      case 'sent':
        call.opened(window);
        return fresh(toReply(resultOf(submission.outcome, submission.task), style));
      case 'waiting':
        call.opened(window);
        return fresh(toReply({ kind: 'queued', taskId: window.id, ahead: submission.ahead }, style));
      case 'quota':
        throw new MjError('quota_not_enough');
      case 'busy':
        return fresh(toReply(submission, style));
      case 'queue_full':
      case 'full':
      case 'replay':
      case 'repeat':
      case 'no_candidate':
        return fresh(toReply({ kind: 'queue_full' }, style));
    }
  }

  private command(window: Task, prompt: string, mask: Picture | null): SubmitCommand {
    return {
      kind: 'modal',
      upstreamTaskId: window.upstreamTaskId ?? '',
      prompt: promptToSend(prompt),
      mask,
      botType: window.botType,
      mode: window.mode,
      modeIsChosen: false,
      accountFilter: null,
    };
  }

  /** A window pays for what it does; the two that do nothing by themselves pay MODAL's price. @throws MjError */
  private async priceOf({ action, mode }: Task): Promise<string> {
    const price = await this.prices.priceOf(action === 'INPAINT' || action === 'CUSTOM_ZOOM' ? 'MODAL' : action, mode);
    if (price === null) throw new MjError('mode_not_allowed');
    return price;
  }

  private again(taskId: string): SubmitAnswer {
    return { ...toReply({ kind: 'accepted', taskId }, this.environment.SUBMIT_CODES), replayed: false };
  }
}

/**
 * A window is one task at the price of one, so a prompt in it is one job; but not the text of another task, which its upstream
 * shows as that had it. @throws MjError `prompt_is_several_jobs`
 */
function refuseJobs({ action }: Task, prompt: string, isTyped: boolean): void {
  const { count } = jobsOf(prompt);
  if (count === 1 || (action !== 'IMAGINE' && !isTyped)) return;
  throw new MjError('prompt_is_several_jobs', { properties: { field: 'prompt', jobs: count } });
}

/** What the client wrote into the window: its words may be the picture's, or the mask's. */
function typedPrompt({ action, botType }: Task, { prompt = '' }: ModalDto): TypedPrompt | undefined {
  if (isBlank(prompt)) return undefined;
  return { text: prompt, lint: { botType, images: 1, isVideo: action === 'VIDEO', needsText: false } };
}

const isBlank = (text: string | undefined): boolean => (text ?? '').trim() === '';
