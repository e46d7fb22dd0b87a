import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Upstreams of several kinds, and which kinds may take a task. */
export class TellKinds1797000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The closed set of kinds stands in the code, once; the check only keeps out what could never be a kind. A constraint that
    // is not valid yet needs no scan of the table.
    await runner.query(`
      alter table upstream drop constraint if exists upstream_kind_check;
      alter table upstream
        add constraint upstream_kind_form check (kind ~ '^[a-z][a-z0-9-]{0,40}$') not valid,
        add column default_version text,
        add column model_versions text[],
        add column follow_ups text not null default 'sticky' check (follow_ups in ('sticky', 'rebase'));
      alter table task add column upstream_kinds text[];
      alter table api_key add column upstream_kinds text[];
      comment on column upstream.kind is 'Which dialect it speaks: midjourney-proxy, youchuan, legnext or apimart.';
      comment on column upstream.default_version is
        'Version of Midjourney that is named in prompts without one; null: the one of its kind, which may be none.';
      comment on column upstream.model_versions is 'Versions of Midjourney that it takes; null: all that its kind has.';
      comment on column upstream.follow_ups is
        'sticky: follow-ups of its tasks go to it alone. rebase: those that only need the picture of a result may go elsewhere.';
      comment on column task.upstream_kinds is
        'Kinds of upstreams that can do it and that its key accepts, while it waits for one; null: all.';
      comment on column api_key.upstream_kinds is 'Kinds of upstreams that may do its work; null: all.';`);
    await runner.query('alter table upstream validate constraint upstream_kind_form');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api_key drop column upstream_kinds;
      alter table task drop column upstream_kinds;
      alter table upstream drop constraint upstream_kind_form,
        drop column default_version, drop column model_versions, drop column follow_ups;
      alter table upstream add constraint upstream_kind_check check (kind in ('midjourney-proxy')) not valid;`);
  }
}
