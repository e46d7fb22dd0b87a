import { statement, type Database } from '#libs/database';
import type { JobScheduler } from '#libs/runtime';

const EVERY_MS = 60_000;
/** Receivers that one statement forgets at most. */
const BATCH = 1_000;
/** Statements of one run at most; the next run continues. */
const MAX_BATCHES = 20;
const UNUSED = "used_at < now() - interval '30 days'";

/**
 * Forgets receivers that were not called for 30 days and that nothing waits for. Gives those that were; one that is locked is
 * being called.
 */
export const SWEEP_RECEIVERS = statement<{ limit: number }, { host: string }>({
  name: 'hook_sweep_receivers',
  pool: 'work',
  text: `
    with old as materialized (
      select api_key_id, host from hook_host h
      where ${UNUSED} and not exists (
        select from hook_delivery d where d.state = 'waiting' and d.api_key_id = h.api_key_id and d.host = h.host)
      order by used_at limit :limit for no key update skip locked)
    delete from hook_host h using old where h.api_key_id = old.api_key_id and h.host = old.host
    returning h.host`,
});

/** Condition: whether SWEEP_RECEIVERS may have something to forget. */
const RECEIVERS_UNUSED = `exists (select from hook_host where ${UNUSED})`;

/** The job that forgets unused receivers: a client whose every task has a hook of another host leaves a row for each. */
export class ReceiverSweeper {
  constructor(
    private readonly scheduler: Pick<JobScheduler, 'add' | 'shutdownSignal'>,
    private readonly database: Pick<Database, 'run'>,
    enabled: boolean,
  ) {
    if (enabled) {
      scheduler.add({
        name: ReceiverSweeper.name,
        everyMs: EVERY_MS,
        dueProbe: RECEIVERS_UNUSED,
        work: async () => void (await this.sweep()),
      });
    }
  }

  /** Forgets unused receivers; gives how many. @throws DatabaseUnavailableError */
  async sweep(batch = BATCH): Promise<number> {
    let swept = 0;
    for (let left = MAX_BATCHES; left > 0 && !this.scheduler.shutdownSignal.aborted; left -= 1) {
      const { length } = await this.database.run(SWEEP_RECEIVERS, { limit: batch });
      swept += length;
      if (length < batch) break;
    }
    return swept;
  }
}
