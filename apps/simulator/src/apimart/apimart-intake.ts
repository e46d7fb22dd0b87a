import { type Outcome } from '../submit/derive.js';
import { runTime, taskFaults } from '../submit/task-draft.js';
import { newJobId } from '../tasks/task-id.js';
import { type TaskRunner } from '../tasks/task-runner.js';
import { type TaskStore } from '../tasks/task-store.js';
import { type ButtonOrder } from '../wire/custom-id.js';
import { type Action, type Mode } from '../wire/vocabulary.js';
import { type ApimartFaults } from './apimart-faults.js';
import { newApimartId } from './apimart-id.js';
import { type ApimartSettings } from './apimart-options.js';
import { type ApimartAction, type ApimartRecord } from './apimart-record.js';
import { failure, Refusal, shinesThrough, submitted } from './apimart-replies.js';
import { type ApimartRequest } from './apimart-request.js';
import { type Reply } from '../wire/replies.js';

/** What makes one task different from another. */
export interface ApimartDraft {
  readonly action: ApimartAction;
  /** What the simulator's own wire calls the same work: it decides how long it runs. */
  readonly runsAs: Action;
  readonly parent: ApimartRecord | null;
  readonly mode: Mode | null;
  readonly sent: string | null;
  readonly prompt: string;
  readonly answer?: string;
  readonly model: string;
  readonly outcome: Outcome;
  readonly seed: number;
  readonly cost: number;
  /** Set for work that waits in a window. */
  readonly window?: ButtonOrder;
  /** For work that never queues: the most that it runs, ms. */
  readonly ownLaneMs?: number;
}

/** Takes tasks in: into the journal, into a place, the queue, or a window. */
export class ApimartIntake {
  constructor(
    private readonly store: TaskStore<ApimartRecord>,
    private readonly runner: TaskRunner<ApimartRecord>,
    private readonly settings: ApimartSettings,
    private readonly runMs: number,
  ) {}

  /** Makes a task of a draft. @throws Refusal when the queue is full */
  async take(draft: ApimartDraft, request: ApimartRequest): Promise<Reply> {
    const { faults, now } = request;
    const task = this.newTask(draft, request);
    if (faults.has('duplicate')) {
      const earlier = this.store.latest(now, (other) => isSameWork(other, task));
      if (earlier !== null) return shinesThrough(earlier.id, null);
    }
    if (task.window !== null) {
      await this.store.save(task);
      return answerOf(task, faults, 'modal');
    }
    if (draft.ownLaneMs === undefined) return this.run(task, request);
    await this.store.save({ ...task, startTime: now });
    return answerOf(task, faults, 'submitted');
  }

  /** Lets a task run that is complete, new or out of its window. @throws Refusal when the queue is full */
  async run(task: ApimartRecord, { faults, now }: ApimartRequest): Promise<Reply> {
    const placing = await this.runner.place(task, now);
    if (placing.kind === 'full') throw new Refusal(failure(429, 'Too many tasks at once, please try again later'));
    return answerOf(task, faults, 'submitted');
  }

  /** How long work runs that leaves its window, ms, and until when it may. */
  times(runsAs: Action, { faults, now }: ApimartRequest): { runMs: number; timesOut: number } {
    return { runMs: runTime(runsAs, faults, this.runMs), timesOut: now + this.settings.taskMs };
  }

  private newTask(draft: ApimartDraft, request: ApimartRequest): ApimartRecord {
    const { body, faults, now, owner } = request;
    const { runMs, timesOut } = this.times(draft.runsAs, request);
    const stayed = taskFaults(faults);
    return {
      id: newApimartId(now),
      notifyHook: null,
      submitTime: now,
      startTime: null,
      runMs: draft.ownLaneMs === undefined || faults.has('slow') ? runMs : Math.min(runMs, draft.ownLaneMs),
      cancelledAt: null,
      window:
        draft.window === undefined
          ? null
          : { order: draft.window, endsAt: now + this.settings.windowMs, confirmedAt: null },
      artwork: draft.outcome.artwork,
      faults: faults.get('fail') === '' ? { ...stayed, fail: NO_UPSTREAM } : stayed,
      action: draft.action,
      owner,
      parentId: draft.parent?.id ?? null,
      mode: draft.mode ?? draft.parent?.mode ?? 'RELAX',
      sent: draft.sent,
      prompt: draft.prompt,
      answer: draft.answer ?? null,
      model: draft.model,
      jobId: newJobId(),
      seed: draft.seed,
      shows: draft.outcome.shows,
      timesOut,
      cost: draft.cost,
      metadata: body.object('metadata'),
      echoes: this.settings.echoesMetadata || faults.has('metadata'),
      reads: faults.has('reads') ? faults.get('reads') || '502' : null,
      wrapped: faults.has('wrapped'),
    };
  }
}

/** What a task says that was asked to fail and not told why. */
const NO_UPSTREAM = 'No available upstream';

function answerOf(task: ApimartRecord, faults: ApimartFaults, status: 'submitted' | 'modal'): Reply {
  if (faults.has('code-21')) return shinesThrough(task.id, status === 'modal' ? task.prompt : null);
  return submitted(task.id, status);
}

const isSameWork = (one: ApimartRecord, other: ApimartRecord): boolean =>
  one.action === other.action &&
  one.owner === other.owner &&
  one.parentId === other.parentId &&
  one.prompt === other.prompt;
