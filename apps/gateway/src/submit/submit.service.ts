import { Injectable } from '@nestjs/common';
import { Submissions, type NewTask } from '#libs/tracking';
import type { SubmitCommand, Work } from '#libs/upstream';
import type { Finding } from '#libs/wire';
import { MjError } from '../http/errors/mj-error.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';
import { readIdempotency, type Idempotency } from './idempotency.js';
import { KnownAnswers } from './known-answers.js';
import { linksIn } from './pictures/planned-work.js';
import { SubmitPictures, type ReadyWork } from './pictures/submit-pictures.js';
import type { SubmitPlan } from './plans/submit-plan.js';
import { findingsOn, refuseInvalid, withWarnings } from './plans/typed-prompt.js';
import { SeveralTasks } from './several-tasks.js';
import type { SubmitCall } from './submit-call.js';
import { NewTaskBuilder, type PlannedTask, type PlannedTasks } from './new-task-builder.js';
import { SubmitChecks } from './submit-checks.js';
import { SubmitReplies } from './submit-replies.js';
import { firstAnswer, onceByOutcome, resultOf, withProperties, type Reply, type SubmitAnswer } from './submit-reply.js';

/** Tasks that may be opened now, and their prepared pictures. */
interface Begun {
  /** Of each task. */
  newTasks: [NewTask, ...NewTask[]];
  ready: ReadyWork;
}

/** Carries a submit out: checks it, opens its task, sends it, and makes the reply. */
@Injectable()
export class SubmitService {
  constructor(
    private readonly submissions: Submissions,
    private readonly several: SeveralTasks,
    private readonly builder: NewTaskBuilder,
    private readonly checks: SubmitChecks,
    private readonly known: KnownAnswers,
    private readonly pictures: SubmitPictures,
    private readonly replies: SubmitReplies,
  ) {}

  /** Opens, sends and answers what a route planned. @throws MjError before anything is charged or sent */
  async submit(call: SubmitCall, plan: SubmitPlan): Promise<SubmitReplyDto> {
    return this.replies.write(call, await this.answerTo(call, plan));
  }

  private async answerTo(call: SubmitCall, plan: SubmitPlan): Promise<SubmitAnswer> {
    const tasks = this.builder.tasksOf(call, plan);
    const [{ plan: firstPlan, terms }] = tasks;
    call.planned(firstPlan.action, terms.mode);
    const idempotency = readIdempotency(call.headers, call.route, plan.body, terms.mode);
    const findings = findingsOn(call.key, plan.typed);
    const begun = await this.beginOrKnown(call, plan, tasks, idempotency, findings);
    if ('body' in begun) return begun;
    const { newTasks, ready } = begun;
    try {
      const commands = commandsOf(tasks, ready.work);
      const [newTask] = newTasks;
      const [command] = commands;
      if (plan.group !== undefined) return await this.several.submitGroup(call, plan.group, newTask, command);
      if (tasks.length === 1) return await this.submitOne(call, newTask, command, findings);
      const jobs = plan.jobs?.count ?? tasks.length;
      return await this.several.submitSeries(call, { jobs, newTasks, commands, findings });
    } finally {
      ready.release();
    }
  }

  private async submitOne(
    call: SubmitCall,
    newTask: NewTask,
    command: SubmitCommand,
    findings: readonly Finding[],
  ): Promise<SubmitAnswer> {
    const more = newTask.jobs === undefined ? {} : { jobs: newTask.jobs };
    const toldMore = (reply: Reply): Reply => withWarnings(withProperties(reply, more), findings);
    const replyTo = onceByOutcome((outcome, task) => toldMore(this.replies.of(resultOf(outcome, task))));
    const submission = await this.submissions.submit({
      newTask,
      command,
      traceparent: call.traceparent,
      answerOf: (outcome, task) => {
        if (task.waiting || task.idemKey === null) return null;
        const { body } = replyTo(outcome, task);
        return body.result === null ? null : body;
      },
    });
    switch (submission.kind) {
      case 'sent': {
        const { task, outcome } = submission;
        return firstAnswer(replyTo(outcome, task), task.refused ? [] : [task]);
      }
      case 'waiting': {
        const { task, ahead } = submission;
        const reply = toldMore(this.replies.of({ kind: 'queued', taskId: task.id, ahead }));
        // A replay gets the same answer, also when the task has been sent by then.
        await this.known.keep(task, reply);
        return firstAnswer(reply, [task]);
      }
      default:
        return this.known.findOr(this.replies.refusalOf(submission), newTask);
    }
  }

  /** Prepares a submit, or gives the answer to work that is known: a replay needs no price, upstream or picture. */
  private async beginOrKnown(
    call: SubmitCall,
    plan: SubmitPlan,
    tasks: PlannedTasks,
    idempotency: Idempotency | null,
    findings: readonly Finding[],
  ): Promise<Begun | SubmitAnswer> {
    let refusal: MjError | Reply;
    try {
      const newTasks = await this.builder.newTasksOf(call, plan, tasks, idempotency);
      refuseInvalid(call.key, findings);
      const bannedWord = await this.checks.bannedWordIn(plan, tasks);
      if (bannedWord === null) {
        const [{ plan: first }] = tasks;
        // Pictures last: a submit that is refused or known causes no fetch and no conversion.
        const isFetched = linksIn(first.work).length > 0;
        const known = isFetched && idempotency !== null ? await this.known.find(newTasks[0]) : null;
        const asker = { keyId: call.key.id, requestId: call.requestId };
        return known ?? { newTasks, ready: await this.pictures.prepare(first.work, asker) };
      }
      refusal = this.replies.of({ kind: 'banned', promptEn: plan.prompt, bannedWord });
    } catch (error) {
      if (!(error instanceof MjError)) throw error;
      refusal = error;
    }
    return this.known.findOr(refusal, {
      apiKeyId: call.key.id,
      idempotency,
      repeatKey: plan.repeatKey,
      notifyHook: null,
    });
  }
}

/** The command of each task. The jobs of one prompt have the same pictures, which are prepared once. */
function commandsOf([first, ...others]: PlannedTasks, ready: Work): [SubmitCommand, ...SubmitCommand[]] {
  const images = ready.kind === 'imagine' ? ready.images : [];
  return [
    commandOf(first, ready),
    ...others.map((task) => commandOf(task, Object.assign({}, task.plan.work, { images }) as Work)),
  ];
}

/** Work on the terms of its task. */
function commandOf({ plan, terms: { mode, isChosen } }: PlannedTask, work: Work): SubmitCommand {
  const { botType, accountFilter } = plan;
  return Object.assign({}, work, { botType, mode, modeIsChosen: isChosen, accountFilter });
}
