import { type Database, isDataFault } from '#libs/database';
import { Batcher } from '#libs/runtime';
import { SETTLE, type SettledDelivery, type Settlement, type SettleTimes } from '../store/settle-deliveries.js';

const MAX_BATCH = 128;

/** Settles tries in batches: up to 128 of them, or all that end within `gatherMs`, cost one statement. */
export class SettleBatcher {
  private readonly batcher: Batcher<Settlement, SettledDelivery | null>;

  constructor(
    private readonly database: Database,
    private readonly times: SettleTimes & { gatherMs: number },
  ) {
    // A settlement that Postgres refuses must not fail the others of its batch.
    const limits = { concurrency: Infinity, maxBatch: MAX_BATCH, gatherMs: times.gatherMs, retrySinglyOn: isDataFault };
    this.batcher = new Batcher((batch) => this.settle(batch), limits);
  }

  /**
   * Settles one try together with others.
   * @returns the delivery's new state; null when the claim was lost and nothing was written
   * @throws DatabaseUnavailableError; the driver's error where Postgres refuses this settlement
   */
  add(settlement: Settlement): Promise<SettledDelivery | null> {
    return this.batcher.add(settlement);
  }

  private async settle(batch: readonly Settlement[]): Promise<(SettledDelivery | null)[]> {
    const { paceMs, probeMs, spreadMs } = this.times;
    const settlements = JSON.stringify(batch);
    const rows = await this.database.run(SETTLE, { settlements, paceMs, probeMs, spreadMs });
    const byTask = new Map(rows.map((row) => [row.taskId, row]));
    return batch.map(({ task_id }) => byTask.get(task_id) ?? null);
  }
}
