import { Injectable } from '@nestjs/common';
import { UpstreamAdapter, UpstreamCallError, UpstreamCache, type Snapshot } from '#libs/upstream';
import { FollowTerms } from '../follow-terms.js';
import { DueTaskRepository } from '../store/due-task.repository.js';
import { TaskSaver } from '../store/task-saver.js';
import { correlationIdOf } from '../task/correlation-id.js';
import type { Task } from '../task/task.entity.js';

/** What an upstream says of an id that a push named; `not_answered`: nothing yet, to be asked again. */
export type Confirmation = Snapshot | 'not_answered' | null;

/** Asks a task's own upstream whether an id that somebody named is this task: nothing else is believed. */
@Injectable()
export class CandidateCheck {
  constructor(
    private readonly tasks: DueTaskRepository,
    private readonly upstreams: UpstreamCache,
    private readonly adapter: UpstreamAdapter,
    private readonly saver: TaskSaver,
    private readonly terms: FollowTerms,
  ) {}

  /**
   * The task as its upstream shows it under that id; null when it is not this task: another mark, or no mark and an id
   * that another row has. @throws DatabaseUnavailableError
   */
  async confirm(task: Task, candidate: string): Promise<Confirmation> {
    const up = this.upstreams.find(task.upstreamId ?? '');
    if (up === null) return null;
    let snapshot: Snapshot | null;
    try {
      snapshot = await this.adapter.fetch(up, candidate);
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      return 'not_answered';
    }
    if (snapshot?.upstreamTaskId !== candidate) return null;
    if (snapshot.state !== null && snapshot.state !== correlationIdOf(task.id)) return null;
    const taken = await this.tasks.takenUpstreamIds(up.id, [candidate]);
    return taken.has(candidate) ? null : snapshot;
  }

  /** Has a task go on as what a push named and its upstream confirmed. False: the row was changed in between. */
  async adopt(task: Task, snapshot: Snapshot): Promise<boolean> {
    const change = task.on({ kind: 'found', source: 'push', snapshot, ...this.terms.of(task) }, this.terms.now());
    return change === null || (await this.saver.save([change])).has(task.id);
  }
}
