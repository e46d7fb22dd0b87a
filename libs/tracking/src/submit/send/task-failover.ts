import { Injectable } from '@nestjs/common';
import { DatabaseUnavailableError } from '#libs/database';
import {
  isOperatorFault,
  RetryBudget,
  sendTimeoutMs,
  UpstreamCache,
  type Outcome,
  type SubmitCommand,
} from '#libs/upstream';
import { isBoundToUpstream } from '../../task/rules/bound-upstream.js';
import type { EventSource } from '../../task/event.js';
import type { Task } from '../../task/task.entity.js';
import { DueTaskRepository } from '../../store/due-task.repository.js';

/** Most upstreams that a submit is moved to after the first one. */
const MOST_MOVES = 2;
/** Most moves if the last upstream failed for a reason that its operator has to fix: an upload cannot wait for that. */
const MOST_MOVES_FROM_MISCONFIGURED = 8;

/** A send and the upstreams that were tried for it. */
export interface Route {
  task: Task;
  command: SubmitCommand;
  source: EventSource;
  /** Ids of the upstreams that did nothing about the task. */
  tried: Set<string>;
}

/**
 * Moves a task to another upstream after its upstream did nothing. Outcomes banned, refused and unknown never lead to a
 * move, and a follow-up is bound to its parent's upstream.
 */
@Injectable()
export class TaskFailover {
  constructor(
    private readonly tasks: DueTaskRepository,
    private readonly upstreams: UpstreamCache,
    private readonly budget: RetryBudget,
  ) {}

  /** Counts a submit towards the retry budget, which is a share of the submits. */
  noteSubmit(): void {
    this.budget.noteSubmit();
  }

  /**
   * Moves the task, in place, to another upstream with a free slot. False: no upstream or no budget is left, and the
   * outcome stands.
   */
  async move(route: Route, outcome: Outcome): Promise<boolean> {
    const { task, command, source, tried } = route;
    const why = outcome.kind === 'full' ? 'full' : outcome.kind === 'nothing_done' ? outcome.fault : null;
    if (why === null || isBoundToUpstream(task) || task.upstreamTaskId !== null || task.upstreamId === null)
      return false;
    tried.add(task.upstreamId);
    const others = this.upstreams.available(
      this.upstreams
        .candidates({ mode: task.mode, action: task.action, command, kinds: task.upstreamKinds })
        .filter(({ id }) => !tried.has(id) && this.upstreams.isUsable(id)),
      task,
    );
    // Moves that do not charge the retry budget: a call that was never made put no load on the upstream; an upstream
    // that is full, or does not serve this gateway, answers at no cost and is left alone next.
    const isFree = why === 'circuit_open' || why === 'full' || isOperatorFault(why);
    const most = isOperatorFault(why) ? MOST_MOVES_FROM_MISCONFIGURED : MOST_MOVES;
    if (others.length === 0 || tried.size > most) return false;
    if (!isFree && !this.budget.take()) return false;
    const longestMs = sendTimeoutMs(command.kind, this.upstreams.longestSubmitMs(others));
    try {
      const moved = await this.tasks.moveSend(task, others, longestMs, source, why);
      if (moved !== null) {
        Object.assign(task, moved);
        return true;
      }
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
    }
    // No upstream was asked, so the retry budget gets its unit back.
    if (!isFree) this.budget.giveBack();
    return false;
  }
}
