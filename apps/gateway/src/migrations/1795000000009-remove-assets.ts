import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** Pictures that are deleted after their time leave their numbers, and one file may serve several rows. */
export class RemoveAssets1795000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table asset
        drop constraint asset_state_check,
        drop constraint asset_check1,
        add column removed_at timestamptz,
        add constraint asset_state_check check (state in ('wanted', 'kept', 'lost', 'removed')),
        add constraint asset_kept_check check ((state = 'kept') = (file is not null)),
        add constraint asset_known_check
          check (state <> 'kept' or (content_type is not null and bytes is not null and sha256 is not null)),
        add constraint asset_removed_check check ((state = 'removed') = (removed_at is not null));
      create index asset_kept on asset (kept_at) where state = 'kept';
      create index asset_content on asset (sha256) where state = 'kept';
      create table doomed_file (
        file text primary key,
        next_at timestamptz not null default now()
      );
      create index doomed_file_due on doomed_file (next_at);`);
    await describe(
      runner,
      'asset',
      'Every picture and video that is or was kept, or will be. 0 is the picture itself, 1.. the single ones an upstream gave.',
      {
        state:
          'wanted: still to fetch; kept; lost: the origin does not have it any more; removed: deleted after its time.',
        file: 'Name in the store: yyyy/mm/dd/<task>-<n>.<ext>; equal pictures share one.',
        removed_at: 'When it was deleted; its numbers stay.',
      },
    );
    await describe(runner, 'doomed_file', 'Files of removed pictures that are still to be deleted from the store.', {
      file: 'Name in the store; its crops and conversions go with it.',
      next_at: 'When it is deleted, or tried again.',
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table doomed_file;
      drop index asset_kept, asset_content;
      delete from asset where state = 'removed';
      alter table asset
        drop constraint asset_state_check,
        drop constraint asset_kept_check,
        drop constraint asset_known_check,
        drop constraint asset_removed_check,
        drop column removed_at,
        add constraint asset_state_check check (state in ('wanted', 'kept', 'lost')),
        add constraint asset_check1
          check ((state = 'kept') = (file is not null and content_type is not null and bytes is not null and sha256 is not null))`);
  }
}
