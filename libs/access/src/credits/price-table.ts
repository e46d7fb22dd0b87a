import { rowReader, statement, type NoParameters, type StatementRunner } from '#libs/database';
import { Price } from './account.entity.js';
import type { PriceRow } from './price-list.js';

const LIST = statement<NoParameters, object>({
  name: 'price_table',
  pool: 'http',
  text: 'select action, mode, price from price order by action, mode',
});

/** Serialises replacements of the price list. The lock lets submits read the old list until the new one is committed. */
const LOCK = statement<NoParameters, object>({
  name: 'price_lock',
  pool: 'http',
  text: 'lock table price in share row exclusive mode',
});

const CLEAR = statement<NoParameters, object>({ name: 'price_clear', pool: 'http', text: 'delete from price' });

/** `prices`: JSON of `[{action, mode, price}]`. */
const FILL = statement<{ prices: string }, object>({
  name: 'price_fill',
  pool: 'http',
  text: `insert into price (action, mode, price)
    select * from jsonb_to_recordset(:prices::jsonb) as given (action text, mode text, price numeric)`,
});

const readPrice = rowReader(Price);

/** The whole price list, by action and mode. @throws DatabaseUnavailableError */
export async function listPrices(runner: StatementRunner): Promise<Price[]> {
  return (await runner.run(LIST)).map(readPrice);
}

/**
 * Replaces the price list.
 * @param runner of a transaction
 * @param check is given the list that is replaced, which nobody else can change any more; what it throws undoes the call
 * @throws DatabaseUnavailableError
 */
export async function replacePrices(
  runner: StatementRunner,
  rows: readonly PriceRow[],
  check: (old: readonly Price[]) => void = () => undefined,
): Promise<void> {
  await runner.run(LOCK);
  check(await listPrices(runner));
  await runner.run(CLEAR);
  await runner.run(FILL, { prices: JSON.stringify(rows) });
}
