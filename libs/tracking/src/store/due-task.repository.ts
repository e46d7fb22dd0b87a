import { Injectable } from '@nestjs/common';
import { Database, rowReader, type EntityRow, type TypedStatement } from '#libs/database';
import type { Candidate, UpstreamSlots, UpstreamTarget } from '#libs/upstream';
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

/** Waiting tasks that are sent now, with what they send. */
export interface Dispatched {
  task: Task;
  /** null: its input is gone, or so long that it is read apart. */
  body: Buffer | null;
  /** Of an input that is read apart, how many it has; null: there is none. */
  longBytes: number | null;
}

/** SQL that finds, claims and moves on tasks that are due for something, of whatever key: one method per statement. */
@Injectable()
export class DueTaskRepository {
  constructor(private readonly database: Database) {}

  /** Claims up to `limit` due tasks of an upstream for `leaseMs`. */
  async claimDue(upstreamId: string, limit: number, leaseMs: number): Promise<Task[]> {
    return (await this.database.run(CLAIM_POLLS, { upstreamId, limit, leaseMs })).map(readTask);
  }

  /** Gives claimed tasks back, due again in `delayMs`. */
  async postpone(tasks: readonly Task[], delayMs: number): Promise<void> {
    await this.database.run(POSTPONE_POLLS, { taskIds: tasks.map(({ id }) => id), delayMs });
  }

  /** Those of an upstream's ids that tasks of ours have, or had until they were sent again. */
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
   * Sends that an upstream is known to have accepted, of those it lists and of those since `since`.
   * @param askedAt when its list was asked for: what was accepted later it need not show
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

  /** Claims up to `limit` submits of unknown outcome for `leaseMs`. */
  async claimLookUps(limit: number, leaseMs: number): Promise<Task[]> {
    return (await this.database.run(CLAIM_LOOK_UPS, { limit, leaseMs })).map(readTask);
  }

  /**
   * Takes waiting tasks that this upstream has slots for; they count as being sent from now on.
   * @param hasOthers whether other upstreams may take them, too
   */
  async dispatch(up: UpstreamTarget, limit: number, hasOthers: boolean): Promise<Dispatched[]> {
    const rows = await this.database.run(DISPATCH, {
      upstreamId: up.id,
      modes: up.modes,
      actions: up.actions,
      limit,
      sendTimeoutMs: up.submitTimeoutMs,
      hasOthers,
    });
    return rows.map((row) => ({
      task: readTask(row),
      body: row.body,
      longBytes: row.body === null ? row.body_bytes : null,
    }));
  }

  /** A long input of a task, in parts, so that no row of it holds up the event loop; null: it is gone. */
  async longInput(taskId: string, bytes: number): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    for (let at = 0; at < bytes; at += INPUT_PIECE) {
      const [row] = await this.database.run(INPUT_PART, { taskId, from: at + 1, bytes: INPUT_PIECE });
      if (row === undefined) return null;
      parts.push(row.part);
    }
    return Buffer.concat(parts);
  }

  /** Which of these upstreams have free slots; none where no task waits to be sent now. */
  async freeSlots(candidates: readonly Candidate[]): Promise<UpstreamSlots[]> {
    const ids = candidates.map(({ id }) => id);
    const rows = await this.database.run(FREE_SLOTS_OF_UPSTREAMS, { upstreamIds: ids });
    return rows.flatMap(({ id, running, max_concurrent: maxConcurrent }) => {
      const candidate = candidates.find((one) => one.id === id);
      return candidate === undefined ? [] : [{ ...candidate, running, maxConcurrent }];
    });
  }

  /** Whether so many bytes more may be kept of a key's tasks. */
  async inputFits(apiKeyId: string, bytes: number, mostBytes: number): Promise<boolean> {
    const [row] = await this.database.run(INPUT_FITS, { apiKeyId, bytes, mostBytes });
    return row?.has_room ?? true;
  }

  /** Whether one more task of a key, with so many bytes of input, may wait. */
  async queueAdmits(apiKeyId: string, bytes: number, queueLimit: number, mostBytes: number): Promise<boolean> {
    const [row] = await this.database.run(QUEUE_ADMITS, { apiKeyId, queueLimit, bytes, mostBytes });
    return row?.has_room ?? true;
  }

  /**
   * Moves a task that its upstream did nothing about to another one that has a free slot; it counts as being sent there
   * from now on. Null: none has, or someone else has changed the task.
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

  /** Notes a push about a task, with the upstream id that it names, and makes its next poll due; null for one that is not under way. */
  async hint(id: string, pushedId: string | null): Promise<Task | null> {
    return this.one(HINT_POLL, { taskId: id, pushedId });
  }

  /** Forgets up to `limit` Idempotency-Keys that are older than `keptMs`; gives how many there were. */
  async forgetKeys(keptMs: number, limit: number): Promise<number> {
    return (await this.database.run(FORGET_KEYS, { keptMs, limit })).length;
  }

  /** Up to `limit` tasks past their time whose upstream has been silent for `silentMs`. */
  async overdueUnheard(silentMs: number, limit: number): Promise<Task[]> {
    return (await this.database.run(OVERDUE_UNHEARD, { silentMs, limit })).map(readTask);
  }

  /** Up to `limit` windows that nobody confirmed for `longestMs`. */
  async overdueModals(longestMs: number, limit: number): Promise<Task[]> {
    return (await this.database.run(OVERDUE_MODALS, { longestMs, limit })).map(readTask);
  }

  /** Has polled what should be, and nothing else, whoever wrote it; gives how many were wrong. */
  async mendPolls(): Promise<number> {
    return (await this.database.run(MEND_POLLS)).length;
  }

  /** Aliases that show less than the tasks they follow. */
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
