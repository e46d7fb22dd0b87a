import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** Pictures and videos that the gateway keeps. */
export class CreateAssets1795000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table asset (
        task_id bigint not null references task (id) on delete cascade,
        kind text not null check (kind in ('image', 'video')),
        n smallint not null check (n between 0 and 64),
        upstream_id bigint references upstream (id),
        source_url text not null,
        state text not null default 'wanted' check (state in ('wanted', 'kept', 'lost')),
        attempts smallint not null default 0,
        next_at timestamptz default now(),
        claim_id uuid,
        file text,
        content_type text,
        bytes integer check (bytes > 0),
        width integer,
        height integer,
        sha256 bytea,
        kept_at timestamptz,
        last_error text,
        created_at timestamptz not null default now(),
        primary key (task_id, kind, n),
        check ((state = 'wanted') = (next_at is not null)),
        check ((state = 'kept') = (file is not null and content_type is not null and bytes is not null and sha256 is not null))
      ) with (fillfactor = 80);
      create index asset_due on asset (next_at) where next_at is not null;

      create table store (
        id uuid primary key,
        kind text not null,
        location text not null,
        created_at timestamptz not null default now(),
        is_current boolean not null default true
      );
      create unique index store_current on store (is_current) where is_current;`);
    await describe(
      runner,
      'asset',
      'Every picture and video that is or will be kept. 0 is the picture itself, 1.. the single ones an upstream gave.',
      {
        task_id: 'The task it belongs to.',
        kind: 'image or video.',
        n: '0: /mj/image/{id}; 1..: /mj/image/{id}/{n} or /mj/video/{id}/{n}.',
        upstream_id: 'Which upstream gave the link; its own origin is exempt from EGRESS_ALLOW.',
        source_url: 'Where the upstream says it is; such links die.',
        state: 'wanted: still to fetch; kept; lost: the origin does not have it any more.',
        attempts: 'Fetches begun.',
        next_at: 'When it is fetched next, or the end of a live claim; null: nothing to do.',
        claim_id: 'Who is fetching it now.',
        file: 'Name in the store: yyyy/mm/dd/<task>-<n>.<ext>.',
        content_type: 'By its magic bytes, never by what the origin said.',
        bytes: 'Size.',
        width: 'Pixels.',
        height: 'Pixels.',
        sha256: 'Hash of the bytes; the ETag.',
        kept_at: 'When it was stored.',
        last_error: 'Class of the last failure.',
        created_at: 'When it was wanted.',
      },
    );
    await describe(
      runner,
      'store',
      'Which picture store belongs to this database; a replica with another folder does not become ready.',
      {
        id: 'Identity, also written in the store itself as store.id.',
        kind: 'disk or s3.',
        location: 'Folder or bucket of the replica that made it.',
        created_at: 'When.',
        is_current: 'True for the one in use.',
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table store, asset');
  }
}
