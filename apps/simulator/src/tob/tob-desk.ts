import { type Shared } from '../dialect.js';
import { type Desk } from '../tasks/desk.js';
import { phaseAt } from '../tasks/lifecycle.js';
import { type TobProfile } from './profile.js';
import { type TobRecord } from './tob-record.js';
import { Refusal } from './tob-refusal.js';

/** The jobs of one vendor, and how they are shown. */
export class TobDesk {
  /** Reads of each finished job so far; forgotten by a restart, as a cache would be. */
  private readonly reads = new Map<string, number>();

  constructor(
    private readonly profile: TobProfile,
    private readonly desk: Desk<TobRecord>,
    private readonly shared: Shared,
    /** Jobs that run at once. */
    readonly concurrency: number,
  ) {}

  /** @throws Refusal when there is no such job */
  job(id: string, now: number): TobRecord {
    const job = this.desk.store.find(id, now);
    if (job === null) throw new Refusal('Not_Found', 'job not found');
    return job;
  }

  /** A job that follow-ups can go on from. @throws Refusal */
  finished(id: string, now: number): TobRecord {
    const job = this.job(id, now);
    if (phaseAt(job, now).status !== 'SUCCESS')
      throw new Refusal('Invalid_Argument', 'jobId is of a job without result');
    return job;
  }

  /** The answer of one read, which counts: success may be shown before its links are. */
  read(id: string, now: number): unknown {
    const job = this.job(id, now);
    if (phaseAt(job, now).status !== 'SUCCESS') return this.shown(job, now, false);
    const reads = (this.reads.get(id) ?? 0) + 1;
    this.reads.set(id, reads);
    return this.shown(job, now, reads <= (job.faults.early ?? 0));
  }

  /** The answer of a submit: the job has not begun, however short it is. */
  begun(job: TobRecord, now: number): unknown {
    return this.shown({ ...job, startTime: now + 1 }, now);
  }

  /** The job at a moment, as callbacks and reads give it. */
  shown(job: TobRecord, now: number, linksHidden = false): unknown {
    return this.profile.view(job, now, this.shared.base(), linksHidden);
  }

  /** Posts the job to its callback, once and without waiting for an answer. */
  tell(job: TobRecord, now: number): void {
    if (job.notifyHook !== null) this.shared.hooks.tell(job.id, job.notifyHook, this.shown(job, now));
  }

  /** All that is known, newest first. */
  newest(now: number): TobRecord[] {
    return this.desk.store
      .all()
      .filter(({ id }) => this.desk.store.find(id, now) !== null)
      .reverse();
  }

  /** What runs or waits, oldest first. */
  unfinished(now: number): TobRecord[] {
    return this.desk.store.unfinished(now);
  }

  /** What was ever accepted and is still in memory, forgotten or not, oldest first: the truth that tests count by. */
  accepted(): TobRecord[] {
    return this.desk.store.all();
  }
}
