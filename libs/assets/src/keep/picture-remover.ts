import { Logger } from '@nestjs/common';
import { logFailure, statement, type Database } from '#libs/database';
import { SingleFlight } from '#libs/runtime';
import type { ImageStore } from '../store/image-store.js';
import type { StoreIdentity } from '../store/store-identity.js';

export interface RemovalOptions {
  /** Whether this process runs the job. */
  enabled: boolean;
  /** Pictures older than so many days are deleted; 0: they are kept for ever. */
  keepDays: number;
}

const BATCH = 200;
/** Lease of a file that is being deleted, ms; one that could not be deleted is tried again when it ends. */
const AGAIN_MS = 60_000;

/**
 * Removes the files of old rows and lists the files that may be free now, in one statement: after a crash a file is left
 * to be deleted, never a kept row without its file.
 */
const EXPIRE = statement<{ days: number; limit: number }, { count: number }>({
  name: 'asset_expire',
  pool: 'work',
  text: `with old as (
      select task_id, kind, n, file from asset
      where state = 'kept' and kept_at < now() - :days::integer * interval '1 day'
      order by kept_at limit :limit for update skip locked),
    removed as (
      update asset a set state = 'removed', removed_at = now(), file = null, source_url = ''
      from old where (a.task_id, a.kind, a.n) = (old.task_id, old.kind, old.n)),
    doomed as (insert into doomed_file (file) select distinct file from old on conflict do nothing)
    select count(*)::integer as count from old`,
});

/** The pictures of one task, whatever their age: results, inputs at links, and uploads, which count too. */
const REMOVE_OF_TASK = statement<{ taskId: string }, { count: number }>({
  name: 'asset_remove_of_task',
  pool: 'http',
  text: `with gone as (
      select task_id, kind, n, file from asset where task_id = :taskId and state <> 'removed' for update),
    removed as (
      update asset a set state = 'removed', removed_at = now(), file = null, source_url = '', next_at = null, claim_id = null
      from gone where (a.task_id, a.kind, a.n) = (gone.task_id, gone.kind, gone.n)),
    inputs as (delete from input_picture where task_id = :taskId returning file),
    files as (select file from gone union select file from inputs),
    doomed as (insert into doomed_file (file) select file from files where file is not null on conflict do nothing)
    select ((select count(*) from gone) + (select count(*) from inputs where file is not null))::integer as count`,
});

/** SQL condition: whether a picture or an upload has the file `d.file`. */
const IS_USED = `(exists (select from asset a where a.file = d.file)
      or exists (select from input_picture i where i.file = d.file))`;

// A file that another row uses stays: its entry is deleted, and the removal of that row makes a new one.
const CLAIM_DOOMED = statement<{ limit: number; leaseMs: number }, { file: string }>({
  name: 'asset_claim_doomed',
  pool: 'work',
  text: `with due as (
      select file from doomed_file where next_at <= now() order by next_at limit :limit for update skip locked),
    used as (
      delete from doomed_file d using due where d.file = due.file and ${IS_USED})
    update doomed_file d set next_at = now() + :leaseMs::integer * interval '1 ms' from due
    where d.file = due.file and not ${IS_USED} returning d.file`,
});

const FORGET_DOOMED = statement<{ files: string[] }, object>({
  name: 'asset_forget_doomed',
  pool: 'work',
  text: 'delete from doomed_file where file = any(:files::text[])',
});

/** Deletes pictures after `keepDays`, or on request. Their rows keep size, type and hash. */
export class PictureRemover {
  private readonly log = new Logger(PictureRemover.name);
  private readonly rounds = new SingleFlight<void>();
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly store: ImageStore,
    private readonly identity: StoreIdentity,
    private readonly options: RemovalOptions,
  ) {}

  /** Deletes old pictures and listed files until none are left; runs never overlap. Never throws. */
  tick(): Promise<void> {
    return this.rounds.run('round', () => this.run());
  }

  /** Deletes every picture of a task, ends the links of its inputs, and gives how many results and uploads there were. @throws DatabaseUnavailableError */
  async removeOfTask(taskId: string): Promise<number> {
    const [row] = await this.database.run(REMOVE_OF_TASK, { taskId });
    return row?.count ?? 0;
  }

  /** Begins no more deletions and waits for the one under way. */
  async drain(): Promise<void> {
    this.stopping = true;
    await this.rounds.settled();
  }

  private async run(): Promise<void> {
    if (!this.options.enabled || this.stopping || this.identity.problem() !== null) return;
    try {
      while (this.options.keepDays > 0 && !this.stopping && (await this.expire()) === BATCH);
      while (!this.stopping && (await this.removeDoomed()) === BATCH);
    } catch (error) {
      logFailure(this.log, 'old pictures could not be deleted', error);
    }
  }

  private async expire(): Promise<number> {
    const [row] = await this.database.run(EXPIRE, { days: this.options.keepDays, limit: BATCH });
    return row?.count ?? 0;
  }

  private async removeDoomed(): Promise<number> {
    const doomed = await this.database.run(CLAIM_DOOMED, { limit: BATCH, leaseMs: AGAIN_MS });
    const removed: string[] = [];
    try {
      for (const { file } of doomed) {
        if (this.stopping) break;
        await this.store.removeWithVariants(file);
        removed.push(file);
      }
    } finally {
      if (removed.length > 0) await this.database.run(FORGET_DOOMED, { files: removed });
    }
    return doomed.length;
  }
}
