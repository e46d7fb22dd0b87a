import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Prices of remixes, enhanced drafts, removed backgrounds and films in 1080p, whose buttons were priced as ACTION before.
 *
 * A list that an operator made is not changed against his will:
 * - Where a row for the action, or for all actions (`*`), fits a mode, the list says already what the work costs there.
 * - Where ACTION has no price in a mode, the list does not sell such buttons in it: a row would open what was closed.
 * - Where ACTION costs something else than it did at first, they go on costing that.
 */
export class PriceNewActions1797000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // RELAX costs half and TURBO double of FAST; ACTION cost 0.1 in FAST at first.
    await runner.query(`
      insert into price (action, mode, price)
      select action, mode, case when known.price = round(0.1 * factor, 6) then round(fast * factor, 6) else known.price end
      from (values ('RELAX', 0.5), ('FAST', 1), ('TURBO', 2)) as modes (mode, factor)
      cross join (values ('REMIX', 0.1), ('ENHANCE', 0.1), ('REMOVE_BACKGROUND', 0.05), ('VIDEO_UPSCALE', 0.4))
        as prices (action, fast)
      cross join lateral (
        select price.price from price
        where price.action = 'ACTION' and price.mode in (modes.mode, '*')
        order by price.mode = '*' limit 1
      ) as known
      where not exists (
        select from price as own
        where own.action in (prices.action, '*') and own.mode in (modes.mode, '*')
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    // A gateway that does not know an action takes no list with it.
    await runner.query("delete from price where action in ('REMIX', 'ENHANCE', 'REMOVE_BACKGROUND', 'VIDEO_UPSCALE')");
  }
}
