import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** Pictures that upstreams fetch from the gateway by link, and whether an upstream has ever reached such a link. */
export class PublishInputs1797000000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table input_picture (
        token_hash bytea primary key,
        task_id bigint not null references task (id) on delete cascade,
        kind text not null check (kind in ('input', 'upload')),
        upstream_id bigint references upstream (id) on delete set null,
        content_type text not null,
        bytes integer not null check (bytes > 0),
        content bytea,
        file text,
        published_at timestamptz not null default now(),
        expires_at timestamptz,
        fetched_at timestamptz,
        check ((kind = 'input') = (content is not null)),
        check ((kind = 'upload') = (file is not null)),
        check ((kind = 'input') = (expires_at is not null))
      );
      -- Pictures are compressed already, and a part of a value that is not compressed can be read without the rest.
      alter table input_picture alter column content set storage external;
      create index input_picture_task on input_picture (task_id);
      create index input_picture_expiry on input_picture (expires_at) where expires_at is not null;
      create index input_picture_uploads on input_picture (published_at) where kind = 'upload';
      create index input_picture_file on input_picture (file) where file is not null;
      alter table upstream add column links_fetched_at timestamptz;`);
    await describe(
      runner,
      'input_picture',
      'Pictures under /mj/input/{token}: inputs of tasks for upstreams that take links only, and uploads that the gateway hosts.',
      {
        token_hash: 'SHA-256 of the token in the link; the token itself is stored nowhere.',
        task_id: 'The task whose input it is, or whose upload.',
        kind: 'input: served for some hours; upload: served as long as pictures are kept.',
        upstream_id: 'The upstream that was last given the link; null for an upload, whose link is the client’s.',
        content_type: 'By its magic bytes.',
        bytes: 'Size.',
        content: 'The picture; null for an upload.',
        file: 'Name of an upload in the picture store; null for an input.',
        published_at: 'When the link was last given out.',
        expires_at: 'When the link ends, unless its task ended an hour earlier; null for an upload.',
        fetched_at: 'When the upstream first fetched it; null: not yet.',
      },
    );
    await runner.query(
      `comment on column upstream.links_fetched_at is 'When the upstream first fetched a picture of ours by link; null: never.'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      insert into doomed_file (file) select distinct file from input_picture where file is not null on conflict do nothing;
      drop table input_picture;
      alter table upstream drop column links_fetched_at;`);
  }
}
