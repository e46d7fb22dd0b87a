import { Injectable } from '@nestjs/common';
import { Database, rowReader, type EntityRow, type TypedStatement } from '#libs/database';
import type { Candidate, PushedIds, UpstreamSlots, UpstreamTarget } from '#libs/upstream';
import type { AcceptedSend } from '../task/rules/absence-proof.js';
import { CLAIM_POLLS } from './claims/claim-polls.js';
import { CLAIM_LOOK_UPS } from './claims/claim-look-ups.js';
import { INPUT_PART, INPUT_PIECE, DISPATCH } from './transitions/dispatch.js';
import { INPUT_FITS, QUEUE_ADMITS } from './reads/queue-limits.js';
import { OVERDUE_WAITING } from './upkeep/overdue.js';
import { POSTPONE_POLLS } from './claims/postpone-polls.js';
import { FREE_SLOTS_OF_UPSTREAMS } from './reads/free-slots.js';
import { MOVE_SEND } from './transitions/move-send.js';
import { HINT_POLL } from './claims/hint-poll.js';
import { FIND_ACCEPTED, FIND_TAKEN } from './reads/upstream-ids.js';
import { FIND_ALIASES_BEHIND } from './reads/aliases-behind.js';
import { FORGET_KEYS } from './upkeep/forget-idempotency-keys.js';
import { MEND_POLLS } from './upkeep/mend-polls.js';
import { OVERDUE_MODALS, OVERDUE_UNHEARD } from './upkeep/overdue.js';
import type { EventSource } from '../task/event.js';
import { Task } from '../task/task.entity.js';

const readTask = rowReader(Task);

/** A waiting task that was claimed to be sent now, with its stored input. */
export interface Dispatched {
  task: Task;
  /** Stored input; null if it is gone, or so long that longInput has to read it. */
  body: Buffer | null;
  /** Size of an input that longInput has to read, bytes; null if there is none. */
  longBytes: number | null;
}

/** SQL that finds, claims and moves tasks with due work, across all keys: one method per statement. */
@Injectable()
export class DueTaskRepository {
  constructor(private readonly database: Database) {}

  /** Claims up to `limit` due polls of an upstream; the claim ends after `leaseMs`. */
  async claimDue(upstreamId: string, limit: number, leaseMs: number): Promise<Task[]> {
    return (await this.database.run(CLAIM_POLLS, { upstreamId, limit, leaseMs })).map(readTask);
  }

  /** Ends the claim on tasks and makes their polls due again in `delayMs`. */
  async postpone(tasks: readonly Task[], delayMs: number): Promise<void> {
    await this.database.run(POSTPONE_POLLS, { taskIds: tasks.map(({ id }) => id), delayMs });
  }

  /** Which of an upstream's ids belong to tasks of this gateway: `now`, or `before` a resend. */
  async takenUpstreamIds(
    upstreamId: string,
    upstreamTaskIds: readonly string[],
  ): Promise<ReadonlyMap<string, 'now' | 'before'>> {
    if (upstreamTaskIds.length === 0) return new Map();
    const rows = await this.database.run(FIND_TAKEN, { upstreamId, upstreamTaskIds });
    const of = (isPast: boolean): [string, 'now' | 'before'][] =>
      rows.filter((row) => row.is_past === isPast).map((row) => [row.upstream_task_id, isPast ? 'before' : 'now']);
    return new Map([...of(true), ...of(false)]);
  }

  /**
   * Sends that an upstream is known to have accepted: the listed ones, and those that began since `since`.
   * @param askedAt when the list was requested; a send accepted later need not be in it
   */
  async acceptedSends(
    upstreamId: string,
    listed: readonly string[],
    since: Date,
    askedAt: Date,
  ): Promise<AcceptedSend[]> {
    const rows = await this.database.run(FIND_ACCEPTED, { upstreamId, listed, since, askedAt });
    return rows.map((row) => ({
      upstreamTaskId: row.upstream_task_id,
      sentAt: row.sent_at,
      acceptedAt: row.started_at,
    }));
  }

  /** Claims up to `limit` submits of unknown outcome; the claim ends after `leaseMs`. */
  async claimLookUps(limit: number, leaseMs: number): Promise<Task[]> {
    return (await this.database.run(CLAIM_LOOK_UPS, { limit, leaseMs })).map(readTask);
  }

  /**
   * Takes waiting tasks for which this upstream has free slots; from now on they count as being sent.
   * @param hasOthers whether other upstreams could take the tasks too
   * @param except ids of tasks that it cannot do
   */
  async dispatch(
    up: UpstreamTarget,
    limit: number,
    hasOthers: boolean,
    except: readonly string[] = [],
  ): Promise<Dispatched[]> {
    const rows = await this.database.run(DISPATCH, {
      upstreamId: up.id,
      modes: up.modes,
      actions: up.actions,
      kind: up.kind,
      limit,
      sendTimeoutMs: up.submitTimeoutMs,
      hasOthers,
      except,
    });
    return rows.map((row) => ({
      task: readTask(row),
      body: row.body,
      longBytes: row.body === null ? row.body_bytes : null,
    }));
  }

  /** Reads a long input in parts, so that no single row blocks the event loop; null if the input is gone. */
  async longInput(taskId: string, bytes: number): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes; at += INPUT_PIECE) {
      const [row] = await this.database.run(INPUT_PART, { taskId, from: at + 1, bytes: INPUT_PIECE });
      if (row === undefined) return null;
      parts.push(row.part);
    }
    return Buffer.concat(parts);
  }

  /** The free slots of these upstreams; empty if no task waits to be sent now. */
  async freeSlots(candidates: readonly Candidate[]): Promise<UpstreamSlots[]> {
    const ids = candidates.map(({ id }) => id);
    const rows = await this.database.run(FREE_SLOTS_OF_UPSTREAMS, { upstreamIds: ids });
    return rows.flatMap(({ id, running, max_concurrent: maxConcurrent }) => {
      const candidate = candidates.find((one) => one.id === id);
      return candidate === undefined ? [] : [{ ...candidate, running, maxConcurrent }];
    });
  }

  /** Whether `bytes` more of stored input fit under the limit of the key. */
  async inputFits(apiKeyId: string, bytes: number, mostBytes: number): Promise<boolean> {
    const [row] = await this.database.run(INPUT_FITS, { apiKeyId, bytes, mostBytes });
    return row?.has_room ?? true;
  }

  /** Whether one more task of a key, with `bytes` of input, may wait in the queue. */
  async queueAdmits(apiKeyId: string, bytes: number, queueLimit: number, mostBytes: number): Promise<boolean> {
    const [row] = await this.database.run(QUEUE_ADMITS, { apiKeyId, queueLimit, bytes, mostBytes });
    return row?.has_room ?? true;
  }

  /**
   * Moves a task from an upstream that did nothing to another one with a free slot; from now on the task counts as
   * being sent there. Null: no candidate has a free slot, or the row was changed concurrently.
   */
  async moveSend(
    task: Task,
    candidates: readonly Candidate[],
    sendTimeoutMs: number,
    source: EventSource,
    why: string,
  ): Promise<Task | null> {
    const { id, version, sendAttempt } = task;
    return this.one(MOVE_SEND, {
      taskId: id,
      version,
      attempt: sendAttempt,
      candidates: JSON.stringify(candidates),
      sendTimeoutMs,
      source,
      why,
    });
  }

  /** Tasks that have waited longer than `longestMs`. */
  async overdueWaiting(longestMs: number): Promise<Task[]> {
    return (await this.database.run(OVERDUE_WAITING, { longestMs })).map(readTask);
  }

  /**
   * Records a push about a task and the upstream ids in it, by the kind of upstream, and makes the next poll due now; null
   * for a task that is not in progress.
   */
  async hint(id: string, pushedIds: PushedIds): Promise<Task | null> {
    return this.one(HINT_POLL, { taskId: id, pushedIds: JSON.stringify(pushedIds) });
  }

  /** Deletes up to `limit` Idempotency-Keys older than `keptMs`. @returns how many were deleted */
  async forgetKeys(keptMs: number, limit: number): Promise<number> {
    return (await this.database.run(FORGET_KEYS, { keptMs, limit })).length;
  }

  /** Up to `limit` tasks past their deadline whose upstream has been silent for `silentMs`. */
  async overdueUnheard(silentMs: number, limit: number): Promise<Task[]> {
    return (await this.database.run(OVERDUE_UNHEARD, { silentMs, limit })).map(readTask);
  }

  /** Up to `limit` modals that stayed unconfirmed for `longestMs`. */
  async overdueModals(longestMs: number, limit: number): Promise<Task[]> {
    return (await this.database.run(OVERDUE_MODALS, { longestMs, limit })).map(readTask);
  }

  /**
   * Repairs the poll schedule, so that exactly the tasks that need polls have one, whoever wrote the rows.
   * @returns how many rows were wrong
   */
  async mendPolls(): Promise<number> {
    return (await this.database.run(MEND_POLLS)).length;
  }

  /** Aliases that lag behind their originals. */
  async findAliasesBehind(): Promise<{ alias: Task; original: Task }[]> {
    const tasks = (await this.database.run(FIND_ALIASES_BEHIND)).map(readTask);
    const byId = new Map(tasks.map((task) => [task.id, task]));
    return tasks.flatMap((alias) => {
      const original = alias.aliasOf === null ? undefined : byId.get(alias.aliasOf);
      return original === undefined ? [] : [{ alias, original }];
    });
  }

  private async one<Parameters extends object>(
    statement: TypedStatement<Parameters, EntityRow<Task>>,
    parameters: Parameters,
  ): Promise<Task | null> {
    const [row] = await this.database.run(statement, parameters);
    return row === undefined ? null : readTask(row);
  }
}
