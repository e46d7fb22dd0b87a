import { Injectable } from '@nestjs/common';
import { GroupSubmissions, SeriesSubmissions, type NewTask } from '#libs/tracking';
import type { SubmitCommand } from '#libs/upstream';
import type { Finding } from '#libs/wire';
import { KnownAnswers } from './known-answers.js';
import type { GroupButton } from './plans/submit-plan.js';
import { withWarnings } from './plans/typed-prompt.js';
import type { SubmitCall } from './submit-call.js';
import { SubmitReplies } from './submit-replies.js';
import { firstAnswer, groupResultOf, resultOf, type SubmitAnswer } from './submit-reply.js';

/** A prompt that is several jobs, with a task and a command for each, in the same order. */
export interface Series {
  jobs: number;
  newTasks: readonly [NewTask, ...NewTask[]];
  commands: readonly [SubmitCommand, ...SubmitCommand[]];
  findings: readonly Finding[];
}

/** Submits of which one request makes several tasks. */
@Injectable()
export class SeveralTasks {
  constructor(
    private readonly groups: GroupSubmissions,
    private readonly series: SeriesSubmissions,
    private readonly known: KnownAnswers,
    private readonly replies: SubmitReplies,
  ) {}

  /** One prompt, several jobs: a task for each. */
  async submitSeries(call: SubmitCall, { jobs, newTasks, commands, findings }: Series): Promise<SubmitAnswer> {
    const [first, ...others] = newTasks;
    const submission = await this.series.submit(
      [
        { newTask: first, command: commands[0] },
        ...others.map((newTask, at) => ({ newTask, command: commands[at + 1] ?? commands[0] })),
      ],
      call.traceparent,
    );
    switch (submission.kind) {
      case 'taken': {
        const { tasks, ahead } = submission;
        const reply = withWarnings(
          this.replies.of({ kind: 'series', taskIds: tasks.map(({ id }) => id), jobs, ahead }),
          findings,
        );
        const [head] = tasks;
        if (head !== undefined) await this.known.keep(head, reply);
        return firstAnswer(reply, tasks);
      }
      case 'declined':
        return firstAnswer(this.replies.of(resultOf(submission.outcome, submission.task)));
      default:
        return this.known.findOr(this.replies.refusalOf(submission), first);
    }
  }

  /** One press, several tasks: each has its own price, and the answer names all of them. */
  async submitGroup(
    call: SubmitCall,
    buttons: readonly [GroupButton, ...GroupButton[]],
    newTask: NewTask,
    command: SubmitCommand,
  ): Promise<SubmitAnswer> {
    const [first, ...others] = buttons;
    const submission = await this.groups.submit({
      newTasks: [{ ...newTask, ...first }, ...others.map((button) => ({ ...newTask, ...button, idempotency: null }))],
      command,
      traceparent: call.traceparent,
      answerOf: (outcome, accepted) =>
        newTask.idempotency === null || accepted.length === 0
          ? null
          : this.replies.of(groupResultOf(outcome, accepted, newTask)).body,
    });
    if (submission.kind !== 'sent') return this.known.findOr(this.replies.refusalOf(submission), newTask);
    const { outcome, accepted } = submission;
    return firstAnswer(this.replies.of(groupResultOf(outcome, accepted, newTask)), accepted);
  }
}
