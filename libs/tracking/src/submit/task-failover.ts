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
import type { EventSource } from '../task/event.js';
import type { Task } from '../task/task.entity.js';
import { DueTaskRepository } from '../store/due-task.repository.js';

/** Upstreams that one submit is tried at besides the first. */
const MOST_MOVES = 2;
/** The same where the last of them is to be mended by its operator: an upload cannot wait for that. */
const MOST_MOVES_FROM_MISCONFIGURED = 8;

/** One send, and where it has been. */
export interface Route {
  task: Task;
  command: SubmitCommand;
  source: EventSource;
  /** Ids of the upstreams that did nothing. */
  tried: Set<string>;
}

/**
 * Finds another upstream for a task that its upstream did nothing about. What is banned, refused or unknown is never
 * tried elsewhere, and a follow-up goes to its parent's upstream or nowhere.
 */
@Injectable()
export class TaskFailover {
  constructor(
    private readonly tasks: DueTaskRepository,
    private readonly upstreams: UpstreamCache,
    private readonly budget: RetryBudget,
  ) {}

  /** Counts a submit, of which further tries are a share. */
  noteSubmit(): void {
    this.budget.noteSubmit();
  }

  /**
   * Moves the task, in place, to another upstream with a free slot. False: none is left, or none of the budget; the
   * outcome stands.
   */
  async move(route: Route, outcome: Outcome): Promise<boolean> {
    const { task, command, source, tried } = route;
    const why = outcome.kind === 'full' ? 'full' : outcome.kind === 'nothing_done' ? outcome.fault : null;
    if (why === null || task.parentId !== null || task.upstreamTaskId !== null || task.upstreamId === null)
      return false;
    tried.add(task.upstreamId);
    const others = this.upstreams.available(
      this.upstreams
        .candidates(task.mode, task.action)
        .filter(({ id }) => !tried.has(id) && this.upstreams.isUsable(id)),
      task,
    );
    // A call that was never made was no load on anyone; one that is full, or does not serve us, answers at no cost and is
    // left alone next.
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
    // Nobody was asked.
    if (!isFree) this.budget.giveBack();
    return false;
  }
}
