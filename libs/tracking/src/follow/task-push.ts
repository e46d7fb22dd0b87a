import { Injectable } from '@nestjs/common';
import { JobScheduler, sleep } from '#libs/runtime';
import { UpstreamCapabilities } from '#libs/upstream';
import { CandidateCheck } from './candidate-check.js';
import { PushTokens } from '../task/push-token.js';
import { candidateOf } from './task-push-body.js';
import { TaskPoller } from './task-poller.js';
import type { Task } from '../task/task.entity.js';
import { DueTaskRepository } from '../store/due-task.repository.js';

/** Pushes of one task that come closer than this are taken together, ms. */
const DISTANCE_MS = 1_000;
/** A candidate whose upstream does not answer is asked for again, each time twice as long after, ms. */
const LONGEST_PAUSE_MS = 10_000;
/** How often a candidate is tried anew because the row was changed in between. */
const MAX_ROUNDS = 3;

/** Pushes of one task that are being looked into. */
interface Hint {
  /** Upstream id that the newest push names; null: none. */
  candidate: string | null;
  /** True: another push came in the meantime, or its candidate could not be asked for. */
  again: boolean;
  /** How long to leave it alone before the next look, ms. */
  pauseMs: number;
}

/**
 * Takes in what upstreams push. A push is a reason to ask and nothing more: the task is polled at once, and nothing of
 * the body is believed. A task whose upstream id is not known yet takes the pushed one as a candidate, which that
 * upstream itself must confirm.
 */
@Injectable()
export class TaskPush {
  private readonly hints = new Map<string, Hint>();

  constructor(
    private readonly scheduler: JobScheduler,
    private readonly tokens: PushTokens,
    private readonly tasks: DueTaskRepository,
    private readonly poller: TaskPoller,
    private readonly candidates: CandidateCheck,
    private readonly capabilities: UpstreamCapabilities,
  ) {}

  /**
   * Takes a push and looks into it in the background. False: the token is none of ours.
   * @param body parsed JSON of a stranger, whatever it is
   */
  receive(token: string, body: unknown): boolean {
    const id = this.tokens.taskIdOf(token);
    if (id === null) return false;
    // The poller brings what a replica on its way out leaves.
    if (this.scheduler.shutdownSignal.aborted) return true;
    const candidate = candidateOf(body);
    const busy = this.hints.get(id);
    if (busy === undefined) this.begin(id, candidate);
    else Object.assign(busy, { candidate: candidate ?? busy.candidate, again: true });
    return true;
  }

  private begin(id: string, candidate: string | null): void {
    const hint = { candidate, again: false, pauseMs: DISTANCE_MS };
    this.scheduler.run(TaskPush.name, () => this.follow(id, hint));
  }

  /** Looks into a task's pushes, once a second at most, until no more come. */
  private async follow(id: string, hint: Hint): Promise<void> {
    this.hints.set(id, hint);
    try {
      do {
        const { candidate, pauseMs } = hint;
        Object.assign(hint, { candidate: null, again: false, pauseMs: DISTANCE_MS });
        const earliest = sleep(pauseMs, this.scheduler.shutdownSignal);
        if ((await this.hint(id, candidate)) === 'not_answered') {
          // The push may have been the only one to say under which id the upstream has it.
          hint.candidate ??= candidate;
          hint.again ||= !this.scheduler.shutdownSignal.aborted;
          hint.pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
        }
        await earliest;
      } while (hint.again);
    } finally {
      this.hints.delete(id);
    }
  }

  private async hint(id: string, candidate: string | null): Promise<'done' | 'not_answered'> {
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const task = await this.tasks.hint(id, candidate);
      if (task === null) return 'done';
      if (task.upstreamId !== null) await this.capabilities.record(task.upstreamId, { pushes: true });
      if (task.nextPollAt !== null) this.poller.nudge(task.upstreamId ?? '');
      if (task.nextPollAt !== null || candidate === null || !isUpstreamIdUnknown(task)) return 'done';
      const snapshot = await this.candidates.confirm(task, candidate);
      if (snapshot === 'not_answered') return snapshot;
      if (snapshot === null || (await this.candidates.adopt(task, snapshot))) return 'done';
    }
    return 'done';
  }
}

/** Whether its upstream's id is still to be found: it is being sent, or its answer was lost. */
function isUpstreamIdUnknown({ upstreamTaskId, lookUpAt }: Task): boolean {
  return upstreamTaskId === null && lookUpAt !== null;
}
