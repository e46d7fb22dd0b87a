import { Injectable } from '@nestjs/common';
import { UpstreamAdapter, UpstreamCallError, UpstreamCache, type Snapshot } from '#libs/upstream';
import { FollowTerms } from '../follow-terms.js';
import { DueTaskRepository } from '../store/due-task.repository.js';
import { TaskSaver } from '../store/task-saver.js';
import { isSameSend } from '../task/rules/same-send.js';
import { correlationIdOf } from '../task/correlation-id.js';
import type { Task } from '../task/task.entity.js';

/**
 * Answer of an upstream about a candidate id: its snapshot; null if the id is not this task; `not_answered` if the
 * upstream has to be asked again.
 */
export type Confirmation = Snapshot | 'not_answered' | null;

/**
 * Confirms candidate ids: asks the task's own upstream whether an id from a push is this task, because a push is not
 * trusted.
 */
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
   * The snapshot under a candidate id; null if it is not this task: it has another correlation id, or none and another text
   * or time, or the id belongs to another row.
   * @throws DatabaseUnavailableError
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
    // Upstreams that take a state and echo none have no more to show; the others show their text and time.
    const showsState = up.capabilities.correlation === 'state';
    if (snapshot.state === null && !showsState && !isSameSend(task, snapshot)) return null;
    const taken = await this.tasks.takenUpstreamIds(up.id, [candidate]);
    return taken.has(candidate) ? null : snapshot;
  }

  /** Lets a task adopt a confirmed candidate. False: the row was changed concurrently. */
  async adopt(task: Task, snapshot: Snapshot): Promise<boolean> {
    const change = task.on({ kind: 'found', source: 'push', snapshot, ...this.terms.of(task) }, this.terms.now());
    return change === null || (await this.saver.save([change])).has(task.id);
  }
}
