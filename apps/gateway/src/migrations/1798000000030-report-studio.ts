import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createReport, quote, type Report } from './1795000000008-reports/report.js';
import { UPSTREAM_NOW } from './1795000000008-reports/upstreams.js';

/** Columns at the end of report.upstream_now. */
const LAST_COLUMN = 'c.p95_ms as p95_ms_15m, u.last_ok_at';
const ADDED = {
  last_error: 'Class of the last failed call: timeout, status_5xx, ...; null: none yet.',
  last_error_at: 'When that was.',
  misconfigured: 'What it says of our account or address there, so that only its operator can help; null: nothing.',
};

/** Each count reads a partial index, so that asking often costs nothing. */
const HOOKS_NOW: Report = {
  name: 'hooks_now',
  kind: 'view',
  sql: `
    create view report.hooks_now as
    select
      (select count(*) from hook_delivery where next_at is not null) as pending,
      (select round(greatest(0, extract(epoch from now() - min(next_at))), 3) from hook_delivery where next_at <= now() and terminal)
        as overdue_seconds,
      (select count(*) from hook_delivery where state = 'dead') as dead`,
  about: 'Hooks as they stand now, one row.',
  columns: {
    pending: 'Deliveries that are still to be made.',
    overdue_seconds: 'How overdue the most overdue end of a task is to be told, seconds; null: none is.',
    dead: 'Deliveries that were given up.',
  },
};

const BUCKET_FOR = `
  create function report.bucket_for("from" timestamptz, "to" timestamptz) returns interval
  language sql immutable parallel safe as $function$
    select case
      when $2 - $1 <= interval '2 hours' then interval '1 minute'
      when $2 - $1 <= interval '12 hours' then interval '5 minutes'
      when $2 - $1 <= interval '8 days' then interval '1 hour'
      else interval '1 day' end
  $function$;
  comment on function report.bucket_for is
    'Width of the spans that the time from "from" to "to" is drawn in: a minute up to 2 hours, 5 minutes up to 12, an hour up to 8 days, then a day.'`;

/** What Studio shows of schema `report` and it did not have. */
export class ReportStudio1798000000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (!UPSTREAM_NOW.sql.includes(LAST_COLUMN)) throw new Error('report.upstream_now has another text');
    const columns = Object.keys(ADDED).map((column) => `u.${column}`);
    const text = UPSTREAM_NOW.sql.replace(LAST_COLUMN, [LAST_COLUMN, ...columns].join(', '));
    await runner.query(text.replace('create view', 'create or replace view'));
    for (const [column, about] of Object.entries(ADDED)) {
      await runner.query(`comment on column report.upstream_now.${column} is ${quote(about)}`);
    }
    await createReport(runner, HOOKS_NOW);
    await runner.query(BUCKET_FOR);
  }

  /** The columns of upstream_now stay: the version before asks for none of them. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop view report.hooks_now; drop function report.bucket_for');
  }
}
