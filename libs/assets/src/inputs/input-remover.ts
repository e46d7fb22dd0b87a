import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { logFailure } from '#libs/database';
import { SingleFlight, type JobScheduler } from '#libs/runtime';
import type { InputTable } from './input-table.js';

const BATCH = 200;

const EVERY_MS = 60_000;

/** Deletes inputs whose links are over, and uploads after `keepDays`; files of uploads are deleted by PictureRemover. */
export class InputRemover implements BeforeApplicationShutdown {
  private readonly log = new Logger(InputRemover.name);
  private readonly rounds = new SingleFlight<void>();
  private stopping = false;

  /** @param options `keepDays`: uploads older than so many days are deleted; 0: they are kept for ever */
  constructor(
    scheduler: Pick<JobScheduler, 'add'>,
    private readonly table: InputTable,
    private readonly options: { enabled: boolean; keepDays: number },
  ) {
    if (!options.enabled) return;
    // A run may take long and ends by its own drain, so the job does not wait for it.
    scheduler.add({ name: InputRemover.name, everyMs: EVERY_MS, work: () => void this.tick() });
  }

  /** Deletes batch after batch until none is left; runs never overlap. Never throws. */
  tick(): Promise<void> {
    return this.rounds.run('round', () => this.run());
  }

  /** Begins no more batches and waits for the one under way. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.rounds.settled();
  }

  private async run(): Promise<void> {
    const { keepDays } = this.options;
    try {
      while (!this.stopping && (await this.table.removeOver(BATCH)) === BATCH);
      while (keepDays > 0 && !this.stopping && (await this.table.removeUploads(keepDays, BATCH)) === BATCH);
    } catch (error) {
      logFailure(this.log, 'old inputs could not be deleted', error);
    }
  }
}
