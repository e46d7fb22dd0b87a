import { Injectable, Logger } from '@nestjs/common';
import { SET_BACK_ACCOUNTS } from '#libs/access';
import { SET_BACK_DOOMED, SET_BACK_INPUTS, SET_BACK_PICTURES } from '#libs/assets';
import { Database, tryJobLock } from '#libs/database';
import { SET_BACK_DELIVERIES, SET_BACK_RECEIVERS } from '#libs/hooks';
import { JobScheduler, sleep } from '#libs/runtime';
import { SET_BACK_UPSTREAMS } from '#libs/upstream';
import { SET_BACK_PAST_SENDS, SET_BACK_POLLS, SET_BACK_TASKS } from '../store/upkeep/set-back.js';
import { TrackingOptions } from '../tracking-options.js';

/** Batch size that keeps each statement short, so that no other statement waits for it. */
const ROWS_AT_ONCE = 1_000;
/**
 * Delay of a second pass, ms, longer than the statement timeout: rows written by statements that began before the step
 * was known are corrected then.
 */
const SECOND_PASS_AFTER_MS = 10_000;

/** Tables with many rows: corrected by id, in batches. */
const BY_ID = [SET_BACK_TASKS, SET_BACK_POLLS, SET_BACK_DELIVERIES];
const WHOLE_TABLES = [
  SET_BACK_UPSTREAMS,
  SET_BACK_ACCOUNTS,
  SET_BACK_RECEIVERS,
  SET_BACK_PICTURES,
  SET_BACK_DOOMED,
  SET_BACK_INPUTS,
  SET_BACK_PAST_SENDS,
];

/**
 * Corrects due times after the database's clock was set back; otherwise all work would stand still until the clock
 * reaches its old time. One replica corrects them, by the size of the step on its monotonic clock. A clock set forward
 * makes everything due at once; leases, compare-and-set and DatabaseClock.forwardMs handle that case.
 */
@Injectable()
export class ClockSetBack {
  private readonly log = new Logger(ClockSetBack.name);

  constructor(
    private readonly scheduler: JobScheduler,
    private readonly database: Database,
    { runsWork }: TrackingOptions,
  ) {
    if (!runsWork) return;
    database.clock.onStep((byMs) => {
      if (byMs < 0) scheduler.run(ClockSetBack.name, () => this.underLock(-byMs));
    });
  }

  /**
   * Corrects every time that is ahead by `byMs`.
   * @returns how many rows the batches had
   * @throws DatabaseUnavailableError
   */
  async mend(byMs: number): Promise<number> {
    let rows = 0;
    for (const statement of WHOLE_TABLES) await this.database.run(statement, { byMs });
    for (const statement of BY_ID) rows += await this.mendById(statement, byMs);
    return rows;
  }

  private async mendById(statement: (typeof BY_ID)[number], byMs: number): Promise<number> {
    for (let rows = 0, last = '0'; ;) {
      const done = await this.database.run(statement, { byMs, afterId: last, limit: ROWS_AT_ONCE });
      rows += done.length;
      last = done.reduce((largest, { id }) => (BigInt(id) > BigInt(largest) ? id : largest), last);
      if (done.length < ROWS_AT_ONCE || this.scheduler.shutdownSignal.aborted) return rows;
    }
  }

  private async underLock(byMs: number): Promise<void> {
    await this.database.transaction('work', async (runner) => {
      const [turn] = await runner.run<{ mine: boolean }>({ name: '', pool: 'work', text: tryJobLock('clock') });
      if (turn?.mine !== true) return;
      const rows = await this.mend(byMs);
      this.log.warn(`the database's clock was set back: the due times of ${rows} rows were corrected`);
      if (await sleep(SECOND_PASS_AFTER_MS, this.scheduler.shutdownSignal)) await this.mend(byMs);
    });
  }
}
