import { Inject, Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BannedWords } from '#libs/access';
import { DatabaseUnavailableError } from '#libs/database';
import {
  GroupSubmissions,
  SeriesSubmissions,
  Submissions,
  TaskRepository,
  type Submission,
  type Task,
  type NewTask,
} from '#libs/tracking';
import type { SubmitCommand } from '#libs/upstream';
import type { Finding } from '#libs/wire';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { MjError } from '../http/errors/mj-error.js';
import { readIdempotency, type Idempotency } from './idempotency.js';
import { InputPictures } from './pictures/input-pictures.js';
import { KnownAnswers } from './known-answers.js';
import type { FindParent } from './plans/parent.js';
import type { LinkedPicture, TakePicture } from './pictures/picture.js';
import { PictureFetcher, type FetchedPictures } from './pictures/picture-fetcher.js';
import type { SubmitCall } from './submit-call.js';
import { SubmitDrafter, type PlannedTask, type PlannedTasks } from './submit-drafter.js';
import type { GroupButton, SubmitPlan } from './plans/submit-plan.js';
import { groupReply, resultOf, toReply, type Reply, type SubmitAnswer } from './submit-reply.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';
import { SubmitReplyWriter } from './submit-reply.writer.js';
import { findingsOn, refuseInvalid, withWarnings } from './plans/typed-prompt.js';

/** What may be opened now, with what it needs. */
interface Begun {
  /** Of each task. */
  newTasks: [NewTask, ...NewTask[]];
  pictures: FetchedPictures;
}

/** Opens and sends what routes ask for, and answers what became of it. */
@Injectable()
export class SubmitService {
  constructor(
    private readonly submissions: Submissions,
    private readonly groups: GroupSubmissions,
    private readonly series: SeriesSubmissions,
    private readonly tasks: TaskRepository,
    private readonly banned: BannedWords,
    private readonly planner: SubmitDrafter,
    private readonly known: KnownAnswers,
    private readonly fetcher: PictureFetcher,
    private readonly inputs: InputPictures,
    private readonly replies: SubmitReplyWriter,
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
    const tasks = this.planner.tasksOf(call, plan);
    const [{ plan: firstPlan, terms }] = tasks;
    call.planned(firstPlan.action, terms.mode);
    const idempotency = readIdempotency(call.headers, call.route, plan.body, terms.mode);
    const findings = findingsOn(call.key, plan.typed);
    const begun = await this.beginOrKnown(call, plan, tasks, idempotency, findings);
    if ('replayed' in begun) return begun;
    const { newTasks, pictures } = begun;
    try {
      const commands = await this.commandsOf(call, tasks, pictures.take);
      const [newTask] = newTasks;
      const [command] = commands;
      if (plan.group !== undefined) return await this.submitGroup(call, plan.group, newTask, command);
      if (tasks.length > 1) return await this.submitSeries(call, plan, newTasks, commands, findings);
      return await this.submitOne(call, newTask, command, findings);
    } finally {
      pictures.leave();
    }
  }

  /** What each task asks of its upstream; their pictures are the same, and are converted once. */
  private async commandsOf(
    call: SubmitCall,
    [first, ...others]: PlannedTasks,
    take: TakePicture,
  ): Promise<[SubmitCommand, ...SubmitCommand[]]> {
    const command = await this.inputs.converted(commandOf(first, take), call.key.id);
    const images = command.kind === 'imagine' ? command.images : [];
    return [command, ...others.map((task) => Object.assign(commandOf(task, take), { images }))];
  }

  private async submitOne(
    call: SubmitCall,
    newTask: NewTask,
    command: SubmitCommand,
    findings: readonly Finding[],
  ): Promise<SubmitAnswer> {
    const more = newTask.jobs === undefined ? {} : { jobs: newTask.jobs };
    const submission = await this.submissions.submit({
      newTask,
      command,
      traceparent: call.traceparent,
      answerOf: (outcome, task) => {
        const reply = toReply(resultOf(outcome, task), this.environment.SUBMIT_CODES);
        const { body } = withWarnings(withProperties(reply, more), findings);
        return task.waiting || task.idemKey === null || body.result === null ? null : body;
      },
    });
    return this.answer(call, submission, newTask, findings, more);
  }

  /** One prompt, several jobs: a task for each. */
  private async submitSeries(
    call: SubmitCall,
    plan: SubmitPlan,
    newTasks: readonly [NewTask, ...NewTask[]],
    commands: readonly [SubmitCommand, ...SubmitCommand[]],
    findings: readonly Finding[],
  ): Promise<SubmitAnswer> {
    const [first, ...others] = newTasks;
    const submission = await this.series.submit(
      [
        { newTask: first, command: commands[0] },
        ...others.map((newTask, at) => ({ newTask, command: commands[at + 1] ?? commands[0] })),
      ],
      call.traceparent,
    );
    const style = this.environment.SUBMIT_CODES;
    switch (submission.kind) {
      case 'taken': {
        const { tasks, ahead } = submission;
        for (const task of tasks) call.opened(task);
        const taskIds = tasks.map(({ id }) => id);
        const taken = toReply({ kind: 'series', taskIds, jobs: plan.jobs?.count ?? taskIds.length, ahead }, style);
        const reply = withWarnings(taken, findings);
        const [head] = tasks;
        if (head !== undefined && head.idemKey !== null) await this.keepAnswer(head, reply);
        return { ...reply, replayed: false };
      }
      case 'declined':
        return { ...toReply(resultOf(submission.outcome, submission.task), style), replayed: false };
      default:
        return this.answer(call, submission, first, findings);
    }
  }

  /** What is opened will run: an answer that cannot be kept now must not make its client send it again. */
  private async keepAnswer({ id }: Task, { body }: Reply): Promise<void> {
    await this.tasks.keepAnswer(id, body).catch((error: unknown) => {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
    });
  }

  /** One press, several tasks: each has its own price, and the answer names all of them. */
  private async submitGroup(
    call: SubmitCall,
    buttons: readonly [GroupButton, ...GroupButton[]],
    newTask: NewTask,
    command: SubmitCommand,
  ): Promise<SubmitAnswer> {
    const [first, ...others] = buttons;
    const style = this.environment.SUBMIT_CODES;
    const submission = await this.groups.submit({
      newTasks: [{ ...newTask, ...first }, ...others.map((button) => ({ ...newTask, ...button, idempotency: null }))],
      command,
      traceparent: call.traceparent,
      answerOf: (outcome, accepted) =>
        newTask.idempotency === null || accepted.length === 0
          ? null
          : groupReply(outcome, accepted, newTask, style).body,
    });
    if (submission.kind !== 'sent') return this.answer(call, submission, newTask);
    for (const task of submission.accepted) call.opened(task);
    return { ...groupReply(submission.outcome, submission.accepted, newTask, style), replayed: false };
  }

  /** Work that is known is answered even where it could not be begun now: a replay needs no price, upstream or picture. */
  private async beginOrKnown(
    call: SubmitCall,
    plan: SubmitPlan,
    tasks: PlannedTasks,
    idempotency: Idempotency | null,
    findings: readonly Finding[],
  ): Promise<Begun | SubmitAnswer> {
    let refusal: MjError | Reply;
    try {
      const newTasks = await this.planner.newTasksOf(call, plan, tasks, idempotency);
      refuseInvalid(call.key, findings);
      const bannedWord = await this.bannedWordIn(plan, tasks);
      // Links last: nobody has anything fetched by what is refused anyhow, or was done before.
      if (bannedWord === null) {
        const { links = [] } = plan;
        const known = links.length === 0 || idempotency === null ? null : await this.known.find(newTasks[0]);
        return known ?? { newTasks, pictures: await this.fetchPictures(call, links) };
      }
      refusal = toReply({ kind: 'banned', promptEn: plan.prompt, bannedWord }, this.environment.SUBMIT_CODES);
    } catch (error) {
      if (!(error instanceof MjError)) throw error;
      refusal = error;
    }
    const { repeatKey } = plan;
    const known = await this.known.find({ apiKeyId: call.key.id, idempotency, repeatKey, notifyHook: null });
    if (known !== null) return known;
    if (refusal instanceof MjError) throw refusal;
    return { ...refusal, replayed: false };
  }

  /** Options may put words together that are not in the prompt. */
  private async bannedWordIn({ typed }: SubmitPlan, tasks: PlannedTasks): Promise<string | null> {
    if (typed === undefined) return null;
    const texts = tasks.length === 1 ? [typed.text] : [typed.text, ...new Set(tasks.map(({ plan }) => plan.prompt))];
    for (const [at, text] of texts.entries()) {
      // Forty prompts of 8 KiB at once would hold everybody up.
      if (at > 0) await nextTurn();
      const word = await this.banned.find(text);
      if (word !== null) return word;
    }
    return null;
  }

  private fetchPictures({ key, requestId }: SubmitCall, links: readonly LinkedPicture[]): Promise<FetchedPictures> {
    return this.fetcher.fetch(links, { keyId: key.id, requestId });
  }

  private async answer(
    call: SubmitCall,
    submission: Submission,
    newTask: NewTask,
    findings: readonly Finding[] = [],
    more: Record<string, unknown> = {},
  ): Promise<SubmitAnswer> {
    const style = this.environment.SUBMIT_CODES;
    const fresh = (reply: Reply): SubmitAnswer => ({ ...reply, replayed: false });
    switch (submission.kind) {
      case 'sent': {
        const { task, outcome } = submission;
        if (!task.refused) call.opened(task);
        return fresh(withWarnings(withProperties(toReply(resultOf(outcome, task), style), more), findings));
      }
      case 'waiting':
        return this.answerWaiting(call, submission, findings, more);
      case 'replay':
      case 'repeat':
        return (await this.known.find(newTask)) ?? fresh(toReply({ kind: 'busy' }, style));
      case 'quota': {
        const known = await this.known.find(newTask);
        if (known === null) throw new MjError('quota_not_enough');
        return known;
      }
      case 'busy':
        return (await this.known.find(newTask)) ?? fresh(toReply(submission, style));
      case 'queue_full':
      case 'full':
        return (await this.known.find(newTask)) ?? fresh(toReply({ kind: 'queue_full' }, style));
      case 'no_candidate':
        return (await this.known.find(newTask)) ?? fresh(toReply({ kind: 'no_account' }, style));
    }
  }

  /** A replay gets the same answer, also when the task has been sent by then. */
  private async answerWaiting(
    call: SubmitCall,
    { task, ahead }: Extract<Submission, { kind: 'waiting' }>,
    findings: readonly Finding[],
    more: Record<string, unknown>,
  ): Promise<SubmitAnswer> {
    call.opened(task);
    const queued = toReply({ kind: 'queued', taskId: task.id, ahead }, this.environment.SUBMIT_CODES);
    const reply = withWarnings(withProperties(queued, more), findings);
    if (task.idemKey !== null) await this.tasks.keepAnswer(task.id, reply.body);
    return { ...reply, replayed: false };
  }
}

/** The work of a plan on its terms. */
function commandOf({ plan, terms: { mode, isChosen } }: PlannedTask, take: TakePicture): SubmitCommand {
  const { botType, accountFilter } = plan;
  return Object.assign(plan.work(take), { botType, mode, modeIsChosen: isChosen, accountFilter });
}

/** An answer to accepted work that says more. */
function withProperties(reply: Reply, more: Record<string, unknown>): Reply {
  const { body } = reply;
  if (body.result === null || Object.keys(more).length === 0) return reply;
  return { ...reply, body: { ...body, properties: { ...body.properties, ...more } } };
}
