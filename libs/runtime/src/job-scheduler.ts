import { setMaxListeners } from 'node:events';
import { Logger, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

/** Time between two ticks. */
export const TICK_MS = 500;
/** Probes that may be without an answer at once: a connection that never answers holds one of them, and not the ticks. */
const MAX_OPEN_PROBES = 2;

/** Work that a process does by itself, again and again. */
export interface Job {
  /** Whose work it is; stands in the log. */
  name: string;
  /** A multiple of TICK_MS. */
  everyMs: number;
  /**
   * Condition for the scheduler's probe, here SQL without parameters: whether the job has anything due. It is asked at
   * every tick, so an index must answer it without reading rows that are not due. None: the job runs at every turn, and
   * its turns cost no statement.
   */
  dueProbe?: string;
  /** Does one turn. The next one waits until this one has ended; a failure is logged. */
  work: () => Promise<void> | void;
}

/** Ports of the scheduler, so that it knows neither Postgres nor its errors. */
export interface SchedulerPorts {
  /** Tells by one statement which of these conditions hold, in their order. Where it throws, no job with a probe starts. */
  probe: (conditions: readonly string[]) => Promise<readonly boolean[]>;
  /** Logs a failure of the background. */
  logFailure: (log: Logger, what: string, error: unknown) => void;
}

/**
 * Runs all periodic jobs of a process. At each tick one probe asks for all jobs at once whether they have anything due;
 * a job that has nothing due is not started and costs nothing. Without an answer no job with a probe is started. Shutdown ends the ticks, and waits for the jobs under way.
 */
export class JobScheduler implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly jobs: Job[] = [];
  private readonly busy = new Set<Job>();
  private readonly running = new Set<Promise<void>>();
  private readonly shutdown = new AbortController();
  private probe: { conditions: readonly string[]; jobs: readonly Job[] } | null = null;
  private openProbes = 0;
  private ticks = 0;

  constructor(private readonly ports: SchedulerPorts) {
    setMaxListeners(0, this.shutdown.signal);
  }

  /** Aborted when shutdown begins: loops and pauses of jobs end then. */
  get shutdownSignal(): AbortSignal {
    return this.shutdown.signal;
  }

  /** Registers a job; to be called before the first tick. @throws Error when `everyMs` is no multiple of TICK_MS */
  add(job: Job): void {
    if (job.everyMs <= 0 || job.everyMs % TICK_MS !== 0) throw new Error(`no tick comes every ${job.everyMs} ms`);
    this.jobs.push(job);
    this.probe = null;
  }

  /**
   * Starts work that nobody waits for but shutdown; a failure is logged. Work under way may start more during shutdown,
   * so callers that begin something new look at `shutdownSignal` before.
   */
  run(name: string, work: () => Promise<void>): void {
    const running: Promise<void> = work()
      .catch((error: unknown) => this.ports.logFailure(new Logger(name), 'a round failed', error))
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }

  /** Starts the jobs whose turn it is and which have something due, and does not wait for them. Never throws. */
  @Interval(TICK_MS)
  async tick(): Promise<void> {
    if (this.shutdownSignal.aborted) return;
    this.ticks += 1;
    const inTurn = this.jobs.filter((job) => (this.ticks * TICK_MS) % job.everyMs === 0 && !this.busy.has(job));
    for (const job of inTurn) if (job.dueProbe === undefined) this.begin(job);
    const probed = inTurn.filter(({ dueProbe }) => dueProbe !== undefined);
    if (probed.length === 0 || this.openProbes >= MAX_OPEN_PROBES) return;
    const due = await this.due();
    for (const job of probed) if (due.has(job)) this.begin(job);
  }

  /** All jobs begin to end at the same time, so that their times do not add up. */
  onModuleDestroy(): void {
    this.shutdown.abort();
  }

  async beforeApplicationShutdown(): Promise<void> {
    // Work under way may start more.
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private begin(job: Job): void {
    if (this.shutdownSignal.aborted || this.busy.has(job)) return;
    this.busy.add(job);
    this.run(job.name, async () => {
      try {
        await job.work();
      } finally {
        this.busy.delete(job);
      }
    });
  }

  private async due(): Promise<Set<Job>> {
    const { conditions, jobs } = (this.probe ??= probeOf(this.jobs));
    this.openProbes += 1;
    try {
      const due = await this.ports.probe(conditions);
      return new Set(jobs.filter((_, at) => due[at] === true));
    } catch (error) {
      this.ports.logFailure(new Logger(JobScheduler.name), 'which jobs are due could not be asked', error);
      return new Set();
    } finally {
      this.openProbes -= 1;
    }
  }
}

function probeOf(all: readonly Job[]): { conditions: readonly string[]; jobs: readonly Job[] } {
  const jobs = all.filter(({ dueProbe }) => dueProbe !== undefined);
  return { conditions: jobs.map(({ dueProbe }) => dueProbe ?? 'false'), jobs };
}
