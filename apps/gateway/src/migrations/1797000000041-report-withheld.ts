import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dayOf, NO_UPSTREAM, UPSTREAM_LABEL } from './1795000000008-reports/fragments.js';
import { createReport, type Report } from './1795000000008-reports/report.js';

const WITHHELD_DAILY: Report = {
  name: 'withheld_daily',
  kind: 'view',
  sql: `
    create view report.withheld_daily as
    select ${dayOf('t.submitted_at')} as day, coalesce(${UPSTREAM_LABEL}, '${NO_UPSTREAM}') as upstream,
      count(*) as partial_tasks,
      sum(cardinality(t.withheld)) as withheld_pictures,
      sum(t.picture_count) as pictures
    from task t left join upstream u on u.id = t.upstream_id
    where t.withheld is not null
    group by ${dayOf('t.submitted_at')}, coalesce(${UPSTREAM_LABEL}, '${NO_UPSTREAM}')`,
  about:
    'Finished tasks of which some pictures were moderated away, by UTC day of submission and upstream. A task of which all were is a failure.',
  columns: {
    day: 'UTC day of submitted_at.',
    upstream: `Name of the upstream; ${NO_UPSTREAM}: none, the task follows another one.`,
    partial_tasks: 'How many.',
    withheld_pictures: 'Pictures of them that were moderated away.',
    pictures: 'Pictures of them in all, those included.',
  },
};

/** How often upstreams withhold pictures. */
export class ReportWithheld1797000000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createReport(runner, WITHHELD_DAILY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop view if exists report.withheld_daily');
  }
}
