import { type Artwork } from '../drawing/canvas.js';
import { derive } from '../submit/derive.js';
import { type TaskStore } from '../tasks/task-store.js';
import { type ApimartRecord } from './apimart-record.js';
import { failure, Refusal, wrong } from './apimart-replies.js';
import { type ApimartRequest } from './apimart-request.js';
import { standingAt } from './standing.js';

/** Finds tasks as far as a key may see them. */
export class Parents {
  constructor(
    private readonly store: TaskStore<ApimartRecord>,
    private readonly retentionMs: number,
  ) {}

  /** A task by its id. @throws Refusal: 404 when it is unknown or past its retention, 403 when it is another key's */
  find(id: string, owner: string, now: number): ApimartRecord {
    const task = this.store.find(id, now);
    if (task === null || now >= task.submitTime + this.retentionMs) throw new Refusal(failure(404));
    if (task.owner !== owner) throw new Refusal(failure(403));
    return task;
  }

  /** The task that a body names. @throws Refusal */
  named({ body, owner, now }: ApimartRequest): ApimartRecord {
    const id = body.trimmed('task_id');
    if (id === '') throw wrong('task_id is required');
    return this.find(id, owner, now);
  }

  /** The finished task with pictures that a body names. @throws Refusal */
  finished(request: ApimartRequest): ApimartRecord {
    const task = this.named(request);
    if (standingAt(task, request.now).status !== 'SUCCESS') throw wrong('task_id names a task that has not succeeded');
    if (task.shows === 'described') throw wrong('task_id names a task without pictures of its own');
    return task;
  }
}

/** A picture of a task by itself: the n-th (from 1) of a grid, or the only one. Null when there is no such picture. */
export function singleOf(artwork: Artwork, index: number): Artwork | null {
  if (artwork.kind === 'single') return artwork;
  if (artwork.kind !== 'grid') return null;
  return derive({ kind: 'upscale', index }, artwork, { seed: 0, prompt: null, mask: null })?.artwork ?? null;
}
