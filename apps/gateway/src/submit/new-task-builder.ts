import { Inject, Injectable } from '@nestjs/common';
import { PriceList, sumOfCredits, type ApiKey } from '#libs/access';
import { HookUrls } from '#libs/hooks';
import type { NewTask } from '#libs/tracking';
import { UpstreamCache } from '#libs/upstream';
import { MOST_JOBS, type PromptExpansion, type TaskAction, type TaskMode } from '#libs/wire';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { MjError, upstreamNotAvailable } from '../http/errors/mj-error.js';
import type { Idempotency } from './idempotency.js';
import type { SubmitCall } from './submit-call.js';
import type { SeveralJobs, SubmitPlan } from './plans/submit-plan.js';
import { chooseMode, readHook, readState, type ChosenMode } from './submit-terms.js';

/** One task that a submit is to make, with the mode that is its own. */
export interface PlannedTask {
  plan: SubmitPlan;
  terms: ChosenMode;
}

export type PlannedTasks = readonly [PlannedTask, ...PlannedTask[]];

/** Builds new tasks of a plan: mode, price, hook, parent's upstream; and decides about prompts of several jobs. */
@Injectable()
export class NewTaskBuilder {
  constructor(
    private readonly prices: PriceList,
    private readonly upstreams: UpstreamCache,
    private readonly hookUrls: HookUrls,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The tasks of a plan: one, or one for each job of its prompt where jobs are expanded. @throws MjError `mode_is_invalid` */
  tasksOf(call: SubmitCall, plan: SubmitPlan): PlannedTasks {
    const [first, ...others] = this.expansionOf(call.key) === 'expand' ? (plan.jobs?.plans ?? []) : [];
    if (first === undefined) return [this.planned(call, plan)];
    return [this.planned(call, first), ...others.map((job) => this.planned(call, job))];
  }

  /** Their new tasks, in order; the first has the Idempotency-Key. @throws MjError before anything is charged or sent */
  async newTasksOf(
    call: SubmitCall,
    plan: SubmitPlan,
    tasks: PlannedTasks,
    idempotency: Idempotency | null,
  ): Promise<[NewTask, ...NewTask[]]> {
    if (plan.jobs !== undefined) this.refuseJobs(call, plan, plan.jobs);
    const [first, ...others] = tasks;
    const newTasks: [NewTask, ...NewTask[]] = [await this.newTask(call, first, idempotency)];
    for (const task of others) newTasks.push(await this.newTask(call, task, null));
    const isPassed = plan.jobs !== undefined && others.length === 0;
    return isPassed && plan.jobs !== undefined ? [await this.counted(call.key, newTasks[0], plan.jobs)] : newTasks;
  }

  private expansionOf({ promptExpansion }: Pick<ApiKey, 'promptExpansion'>): PromptExpansion {
    return promptExpansion ?? this.environment.PROMPT_EXPANSION;
  }

  private planned(call: SubmitCall, plan: SubmitPlan): PlannedTask {
    const terms = chooseMode({
      body: plan.body,
      prefix: call.pathMode,
      // A follow-up inherits its prompt: speed flags in it were those of its parent.
      prompt: plan.parent !== null && plan.typed === undefined ? '' : plan.prompt,
      parent: plan.parent?.mode ?? null,
      key: call.key,
      fallback: this.environment.DEFAULT_MODE,
    });
    return { plan, terms };
  }

  /** Midjourney takes so many jobs of a prompt at most, and none of several in relax mode. */
  private refuseJobs(call: SubmitCall, plan: SubmitPlan, { count, plans }: SeveralJobs): void {
    const properties = { field: 'prompt', jobs: count };
    if (count > MOST_JOBS) throw new MjError('too_many_jobs', { properties });
    const isRelaxed = [plan, ...plans].some((one) => this.planned(call, one).terms.mode === 'RELAX');
    if (isRelaxed || this.expansionOf(call.key) === 'refuse')
      throw new MjError('prompt_is_several_jobs', { properties });
  }

  /** The one task that stands for all jobs: it has the price of all, and counts as so many tasks. */
  private async counted(key: ApiKey, newTask: NewTask, { count, plans }: SeveralJobs): Promise<NewTask> {
    const prices: string[] = [];
    for (const { action } of plans) prices.push(await this.priceFor(key, action, newTask.mode));
    return { ...newTask, price: sumOfCredits(prices), jobs: count };
  }

  private async priceFor(key: ApiKey, action: TaskAction, mode: TaskMode): Promise<string> {
    if (key.modes?.includes(mode) === false) throw new MjError('mode_not_allowed');
    if (key.actions?.includes(action) === false) throw new MjError('action_not_allowed');
    const price = await this.prices.priceOf(action, mode);
    if (price === null) throw new MjError('mode_not_allowed');
    return price;
  }

  private async newTask(
    call: SubmitCall,
    { plan, terms: { mode } }: PlannedTask,
    idempotency: Idempotency | null,
  ): Promise<NewTask> {
    const { key } = call;
    const state = readState(plan.body);
    const notifyHook = readHook(plan.body, key, this.hookUrls);
    const price = await this.priceFor(key, plan.action, mode);
    const { rebasedFrom = null } = plan;
    const upstreamId = rebasedFrom === null ? (plan.parent?.upstreamId ?? null) : null;
    if (upstreamId !== null && !this.upstreams.isUsable(upstreamId)) throw upstreamNotAvailable();
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
      rebasedFrom,
      upstreamKinds: key.upstreamKinds,
      price,
      retries: plan.body.retries ?? key.retries,
      notifyHook,
      notifyTerminalOnly: (plan.body.notifyEvents ?? (key.notifyTerminalOnly ? 'terminal' : 'all')) === 'terminal',
      baseUrl: call.linkBase,
      requestId: call.requestId,
      idempotency,
    };
  }
}
