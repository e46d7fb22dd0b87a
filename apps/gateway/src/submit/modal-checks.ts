import { Injectable } from '@nestjs/common';
import { BannedWords, PriceList, type ApiKey } from '#libs/access';
import { TaskRepository, type Task } from '#libs/tracking';
import { jobsOf, parseTaskId, type Finding } from '#libs/wire';
import { MjError } from '../http/errors/mj-error.js';
import { requirePrompt } from '../http/request-body/required-prompt.js';
import { inheritedPrompt } from './plans/inherited-prompt.js';
import type { ModalPlan } from './plans/modal.plan.js';
import { findingsOn, refuseInvalid, type TypedPrompt } from './plans/typed-prompt.js';

/** What is to be said of a modal that a client would confirm. */
export type ModalVerdict =
  /** It was confirmed before: its task goes on, and nothing is paid again. */
  | { kind: 'confirmed' }
  | { kind: 'banned'; promptEn: string; bannedWord: string }
  | { kind: 'sendable'; prompt: string; parent: Task | null; findings: readonly Finding[]; price: string };

/** What is asked of a modal before it is confirmed, and what that costs. Changes nothing. */
@Injectable()
export class ModalChecks {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly prices: PriceList,
    private readonly banned: BannedWords,
  ) {}

  /** The task whose modal is meant. @throws MjError `task_not_found` */
  async find({ taskId }: ModalPlan, apiKeyId: string): Promise<Task> {
    const id = parseTaskId(taskId);
    const modal = id === null ? null : await this.tasks.find(id, apiKeyId);
    if (modal === null) throw new MjError('task_not_found', { properties: { field: 'taskId' } });
    return modal;
  }

  /** @throws MjError why it cannot be confirmed */
  async judge(key: ApiKey, modal: Task, plan: ModalPlan): Promise<ModalVerdict> {
    if (modal.confirmedAt !== null) return { kind: 'confirmed' };
    if (modal.status !== 'MODAL') throw new MjError('task_status_not_success', { properties: { field: 'taskId' } });
    const shown = shownPrompt(modal, plan);
    // A modal that its upstream knows is confirmed without its parent, unless its prompt is its parent's.
    const parent = shown === undefined || modal.upstreamTaskId === null ? await this.parentOf(modal) : null;
    const prompt = requirePrompt(shown ?? inheritedBy(modal, parent));
    refuseJobs(modal, prompt, !isBlank(plan.prompt));
    const findings = findingsOn(key, typedPrompt(modal, plan));
    refuseInvalid(key, findings);
    const bannedWord = await this.banned.find(prompt);
    if (bannedWord !== null) return { kind: 'banned', promptEn: prompt, bannedWord };
    return { kind: 'sendable', prompt, parent, findings, price: await this.priceOf(modal) };
  }

  private async parentOf({ parentId, apiKeyId }: Task): Promise<Task | null> {
    return parentId === null ? null : this.tasks.find(parentId, apiKeyId);
  }

  /** The price of a modal's action; those that only open a modal pay MODAL's price. @throws MjError */
  private async priceOf({ action, mode }: Task): Promise<string> {
    const price = await this.prices.priceOf(action === 'INPAINT' || action === 'CUSTOM_ZOOM' ? 'MODAL' : action, mode);
    if (price === null) throw new MjError('mode_not_allowed');
    return price;
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

/** Whether nothing is in a text. */
export const isBlank = (text: string | null | undefined): boolean => (text ?? '').trim() === '';
