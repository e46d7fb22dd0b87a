import { type Database, isDataFault } from '#libs/database';
import { SETTLE, type Settlement } from './settle-deliveries.js';

const MAX_BATCH = 128;

export interface SettledDelivery {
  taskId: string;
  state: string;
  /** Whether there is something newer to send at once. */
  due: boolean;
}

interface Entry {
  settlement: Settlement;
  resolve: (settled: SettledDelivery | null) => void;
  reject: (error: unknown) => void;
}

export interface SettleTimes {
  gatherMs: number;
  paceMs: number;
  probeMs: number;
  spreadMs: number;
}

/** Gathers the results of tries, so that 128 of them, or those of a moment, cost one statement. */
export class SettleQueue {
  private waiting: Entry[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly times: SettleTimes,
  ) {}

  /**
   * Settles one try together with others.
   * @returns what became of the row; null when the claim was lost and nothing was written
   * @throws DatabaseUnavailableError, or what Postgres says of this settlement
   */
  add(settlement: Settlement): Promise<SettledDelivery | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ settlement, resolve, reject });
      if (this.waiting.length >= MAX_BATCH) this.flush();
      else this.timer ??= setTimeout(() => this.flush(), this.times.gatherMs);
    });
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.waiting;
    this.waiting = [];
    void this.settle(batch);
  }

  private async settle(batch: readonly Entry[]): Promise<void> {
    try {
      const { paceMs, probeMs, spreadMs } = this.times;
      const settlements = JSON.stringify(batch.map(({ settlement }) => settlement));
      const rows = await this.database.run<SettledDelivery>(SETTLE, [settlements, paceMs, probeMs, spreadMs]);
      const byTask = new Map(rows.map((row) => [row.taskId, row]));
      for (const { settlement, resolve } of batch) resolve(byTask.get(settlement.task_id) ?? null);
    } catch (error) {
      // One bad row must not hold the others.
      if (isDataFault(error) && batch.length > 1) for (const entry of batch) await this.settle([entry]);
      else for (const { reject } of batch) reject(error);
    }
  }
}
