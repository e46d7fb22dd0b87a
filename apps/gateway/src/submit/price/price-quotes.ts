import { Injectable } from '@nestjs/common';
import { KeyStandings, PriceList, sumOfCredits } from '#libs/access';
import { TaskRepository } from '#libs/tracking';
import { NewTaskBuilder } from '../new-task-builder.js';
import { ModalChecks } from '../modal-checks.js';
import type { ModalPlan } from '../plans/modal.plan.js';
import type { SubmitPlan } from '../plans/submit-plan.js';
import { findingsOn, refuseInvalid } from '../plans/typed-prompt.js';
import type { SubmitCall } from '../submit-call.js';
import { SubmitChecks } from '../submit-checks.js';
import { PlanReader, type PricedRoute } from './plan-reader.js';
import type { QuotedPriceDto } from './price.dto.js';

/** What a submit would cost, or the banned word for which it would be declined. */
export type Quote = { kind: 'price'; price: QuotedPriceDto } | { kind: 'banned'; promptEn: string; bannedWord: string };

type Work = Omit<QuotedPriceDto, 'credits'>;

/** Says what submits would cost, by the rules of the submits themselves. Opens, charges and sends nothing. */
@Injectable()
export class PriceQuotes {
  constructor(
    private readonly reader: PlanReader,
    private readonly builder: NewTaskBuilder,
    private readonly checks: SubmitChecks,
    private readonly modals: ModalChecks,
    private readonly prices: PriceList,
    private readonly standings: KeyStandings,
    private readonly tasks: TaskRepository,
  ) {}

  /** @throws MjError as the submit does before it opens anything */
  async of(call: SubmitCall, route: PricedRoute, body: Record<string, unknown>): Promise<Quote> {
    const read = await this.reader.read(route, body, call.key);
    const work = read.kind === 'modal' ? await this.ofModal(call, read.plan) : await this.ofSubmit(call, read.plan);
    if ('bannedWord' in work) return work;
    const { credits } = await this.standings.of(call.key.id);
    return { kind: 'price', price: { ...work, credits: credits === null ? null : Number(credits) } };
  }

  private async ofSubmit(call: SubmitCall, plan: SubmitPlan): Promise<Work | Extract<Quote, { kind: 'banned' }>> {
    const tasks = this.builder.tasksOf(call, plan);
    const findings = findingsOn(call.key, plan.typed);
    const newTasks = await this.builder.newTasksOf(call, plan, tasks, null);
    refuseInvalid(call.key, findings);
    const bannedWord = await this.checks.bannedWordIn(plan, tasks);
    if (bannedWord !== null) return { kind: 'banned', promptEn: plan.prompt, bannedWord };
    const [{ action, mode, price, apiKeyId, repeatKey }] = newTasks;
    // Each task of a group is one more of the same; a prompt that is passed on whole has the price of all its jobs.
    const paid = plan.group === undefined ? newTasks.map((task) => task.price) : plan.group.map(() => price);
    const isMade = repeatKey !== null && (await this.tasks.findRepeat(apiKeyId, repeatKey)) !== null;
    return {
      action,
      mode,
      jobs: plan.group?.length ?? plan.jobs?.count ?? 1,
      price: Number((await this.prices.priceOf(action, mode)) ?? price),
      total: isMade ? 0 : Number(sumOfCredits(paid)),
    };
  }

  private async ofModal(call: SubmitCall, plan: ModalPlan): Promise<Work | Extract<Quote, { kind: 'banned' }>> {
    const modal = await this.modals.find(plan, call.key.id);
    const verdict = await this.modals.judge(call.key, modal, plan);
    if (verdict.kind === 'banned') return verdict;
    const { action, mode } = modal;
    if (verdict.kind === 'confirmed') return { action, mode, jobs: 1, price: Number(modal.price), total: 0 };
    const price = Number(verdict.price);
    return { action, mode, jobs: 1, price, total: price };
  }
}
