import { Logger } from '@nestjs/common';
import { statement, type Database, type NoParameters } from '#libs/database';
import { monotonicMs, CachedValue, type MonotonicClock } from '#libs/runtime';
import type { TaskAction, TaskMode } from '#libs/wire';

const KEEP_MS = 5_000;
/** A missing price makes submits fail, so it is logged: once a minute for each action and mode. */
const ALARM_PAUSE_MS = 60_000;

export interface PriceRow {
  action: string;
  mode: string;
  price: string;
}

/** What one task of an action costs in a mode, credits. */
export interface WorkPrice {
  action: TaskAction;
  mode: TaskMode;
  price: string;
}

const LIST_PRICES = statement<NoParameters, PriceRow>({
  name: 'price_list',
  pool: 'http',
  text: 'select action, mode, price from price',
});

/** The price of an action in a mode: an exact action beats an exact mode, and both beat `*`. Null: no row fits. */
export function priceOf(rows: readonly PriceRow[], action: TaskAction, mode: TaskMode): string | null {
  const fits = (wantedAction: string, wantedMode: string): PriceRow | undefined =>
    rows.find((row) => row.action === wantedAction && row.mode === wantedMode);
  return (fits(action, mode) ?? fits(action, '*') ?? fits('*', mode) ?? fits('*', '*'))?.price ?? null;
}

/** Read cache of the price list, at most five seconds old. */
export class PriceList {
  private readonly rows: CachedValue<PriceRow[]>;
  private readonly log = new Logger(PriceList.name);
  private readonly alarms = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly clock: MonotonicClock = monotonicMs,
  ) {
    this.rows = new CachedValue(KEEP_MS, clock);
  }

  /**
   * The price in credits with six decimals; null, and an error in the log, when no row fits.
   * @throws DatabaseUnavailableError
   */
  async priceOf(action: TaskAction, mode: TaskMode): Promise<string | null> {
    const price = priceOf(await this.list(), action, mode);
    if (price === null) this.alarm(`${action} in ${mode}`);
    return price;
  }

  /** The prices of these actions in each of these modes; what has none is left out. @throws DatabaseUnavailableError */
  async pricesOf(actions: readonly TaskAction[], modes: readonly TaskMode[]): Promise<WorkPrice[]> {
    const rows = await this.list();
    const asked = actions.flatMap((action) => modes.map((mode) => ({ action, mode })));
    return asked.flatMap(({ action, mode }) => {
      const price = priceOf(rows, action, mode);
      return price === null ? [] : [{ action, mode, price }];
    });
  }

  private list(): PriceRow[] | Promise<PriceRow[]> {
    return this.rows.get(() => this.database.run(LIST_PRICES));
  }

  private alarm(work: string): void {
    const now = this.clock();
    if (now < (this.alarms.get(work) ?? 0)) return;
    this.alarms.set(work, now + ALARM_PAUSE_MS);
    this.log.error(`${work} has no price, so it is refused: the price list needs a row for it`);
  }
}
