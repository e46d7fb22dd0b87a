import type { Database, Statement } from '#libs/database';
import type { TaskAction, TaskMode } from '#libs/wire';

const KEEP_MS = 5_000;

const LIST_PRICES: Statement = { name: 'price_list', pool: 'http', text: 'select action, mode, price from price' };

export interface PriceRow {
  action: string;
  mode: string;
  price: string;
}

/** The price of an action in a mode: an exact action beats an exact mode, and both beat `*`. Null: no row fits. */
export function priceOf(rows: readonly PriceRow[], action: TaskAction, mode: TaskMode): string | null {
  const fits = (wantedAction: string, wantedMode: string): PriceRow | undefined =>
    rows.find((row) => row.action === wantedAction && row.mode === wantedMode);
  return (fits(action, mode) ?? fits(action, '*') ?? fits('*', mode) ?? fits('*', '*'))?.price ?? null;
}

/** The price list as this replica knows it, at most five seconds old. */
export class PriceList {
  private rows: Promise<PriceRow[]> | undefined;
  private until = 0;

  constructor(private readonly database: Database) {}

  /** Credits with six decimals; null when nothing is priced. @throws DatabaseUnavailableError */
  async priceOf(action: TaskAction, mode: TaskMode): Promise<string | null> {
    const now = Date.now();
    if (this.rows === undefined || this.until <= now) {
      const rows = this.database.run<PriceRow>(LIST_PRICES);
      this.rows = rows;
      this.until = now + KEEP_MS;
      rows.catch(() => {
        if (this.rows === rows) this.rows = undefined;
      });
    }
    return priceOf(await this.rows, action, mode);
  }
}
