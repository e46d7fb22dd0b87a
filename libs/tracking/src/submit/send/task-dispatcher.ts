import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { JobScheduler } from '#libs/runtime';
import { allocateSlots, UpstreamCache, type UpstreamSlots } from '#libs/upstream';
import type { Change } from '../../task/change.js';
import { fromInput } from '../../task/stored-command.js';
import { SENDS_DUE } from '../../store/transitions/dispatch.js';
import { WAITING } from '../../store/upkeep/overdue.js';
import { TaskSaver } from '../../store/task-saver.js';
import { TaskSender } from './task-sender.js';
import { DueTaskRepository, type Dispatched } from '../../store/due-task.repository.js';
import { TrackingOptions } from '../../tracking-options.js';

const TICK_MS = 500;
/** Most tasks of one statement; MOST_AT_ONCE bounds one tick. */
const BATCH = 16;
/** Queue timeouts are hours, so a check every ten seconds is precise enough. */
const OVERDUE_EVERY_MS = 10_000;
const MOST_AT_ONCE = 64;

/** Sends waiting tasks as slots become free, and ends tasks that waited too long. */
@Injectable()
export class TaskDispatcher {
  constructor(
    private readonly scheduler: JobScheduler,
    private readonly tasks: DueTaskRepository,
    private readonly saver: TaskSaver,
    private readonly sender: TaskSender,
    private readonly upstreams: UpstreamCache,
    private readonly database: Database,
    private readonly options: TrackingOptions,
  ) {
    if (!options.runsWork) return;
    const { name } = TaskDispatcher;
    scheduler.add({ name, everyMs: TICK_MS, dueProbe: SENDS_DUE, work: () => this.dispatch() });
    scheduler.add({ name, everyMs: OVERDUE_EVERY_MS, dueProbe: WAITING, work: () => this.endOverdue() });
  }

  /**
   * Starts the send of every waiting task that gets a slot now, without waiting for the sends. Upstreams of higher
   * priority are asked first, then by load and weight. An allocation only sets the order of asking: a task that one
   * upstream may not take goes to the next one in another round.
   * @throws DatabaseUnavailableError
   */
  async dispatch(): Promise<void> {
    const usable = this.upstreams.available(this.upstreams.usable(), null);
    let upstreams = await this.tasks.freeSlots(usable);
    for (let left = MOST_AT_ONCE; left > 0 && upstreams.length > 0 && !this.scheduler.shutdownSignal.aborted;) {
      for (const { id, n } of allocateSlots(upstreams, Math.min(BATCH, left), Math.random)) {
        const upstream = upstreams.find((one) => one.id === id);
        const sent = upstream === undefined ? 0 : await this.dispatchTo(upstream, n, usable.length > 1);
        left -= sent;
        upstreams = upstreams.filter((one) => one !== upstream || (sent === n && one.running < one.maxConcurrent));
      }
    }
  }

  /** Ends tasks that have waited too long. @throws DatabaseUnavailableError */
  async endOverdue(): Promise<void> {
    const { queueTimeoutMs } = this.options;
    const overdue = await this.tasks.overdueWaiting(queueTimeoutMs + this.database.clock.forwardMs(queueTimeoutMs));
    const now = this.database.now();
    const changes: (Change | null)[] = overdue.map((task) =>
      task.on({ kind: 'queue_timed_out', source: 'clock' }, now),
    );
    await this.saver.save(changes.filter((change) => change !== null));
  }

  /** Starts up to `n` sends to one upstream. @returns how many were started */
  private async dispatchTo(upstream: UpstreamSlots, n: number, hasOthers: boolean): Promise<number> {
    const up = this.upstreams.find(upstream.id);
    const sent = up === null ? [] : await this.tasks.dispatch(up, n, hasOthers, this.upstreams.unable.of(up));
    for (const dispatched of sent) this.scheduler.run(TaskDispatcher.name, () => this.send(dispatched));
    upstream.running += sent.length;
    return sent.length;
  }

  private async send({ task, body: short, longBytes }: Dispatched): Promise<void> {
    const body = longBytes === null ? short : await this.tasks.longInput(task.id, longBytes);
    const command = body === null ? null : fromInput(body);
    if (command === null) {
      const change = task.on({ kind: 'input_lost', source: 'dispatcher' }, this.database.now());
      if (change !== null) await this.saver.save([change]);
      return;
    }
    await this.sender.send({ task, command, mayWait: true, source: 'dispatcher', answerOf: () => null });
  }
}
