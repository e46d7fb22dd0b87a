import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** Who is signed in to Studio, and the links that sign somebody in once. */
export class CreateStudioSessions1798000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table studio_session (
        id bigint generated always as identity primary key,
        token_hash bytea not null unique,
        role text not null check (role in ('admin', 'client')),
        api_key_id bigint references api_key (id) on delete cascade,
        credential bytea not null,
        address text not null,
        user_agent text not null,
        created_at timestamptz not null default now(),
        last_used_at timestamptz not null default now(),
        expires_at timestamptz not null,
        ends_at timestamptz not null,
        revoked_at timestamptz,
        check (role = 'admin' or api_key_id is not null)
      );
      create index studio_session_owner on studio_session (role, api_key_id, id);
      create index studio_session_end on studio_session (ends_at);
      create table studio_ticket (
        token_hash bytea primary key,
        api_key_id bigint references api_key (id) on delete cascade,
        credential bytea not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null
      );
      create index studio_ticket_expiry on studio_ticket (expires_at);`);
    await describe(runner, 'studio_session', 'Who is signed in to Studio: a row for each cookie that was given out.', {
      id: 'Number of the session; says nothing about its token.',
      token_hash: 'SHA-256 of the token in the cookie; the token itself is stored nowhere.',
      role: 'admin: signed in with ADMIN_KEY or by a link; client: with an API key.',
      api_key_id: 'The key that a client session is, or that an admin session acts for under /mj; null: none yet.',
      credential:
        'What it was signed in with: SHA-256 of the API key, or an HMAC of ADMIN_KEY under SECRET_KEY. It ends where that has changed.',
      address: 'Where it was signed in from.',
      user_agent: 'The browser that it was signed in with, by its own words, at most 200 characters.',
      created_at: 'When it was signed in.',
      last_used_at: 'When it was last used, to about ten minutes.',
      expires_at: 'When it ends however much it is used.',
      ends_at: 'When it ends or has ended: by its age, for want of use, or because it was revoked.',
      revoked_at: 'When it was signed out or revoked; null: it was not.',
    });
    await describe(
      runner,
      'studio_ticket',
      'Links that sign somebody in to Studio as admin, once; a used one is gone.',
      {
        token_hash: 'SHA-256 of the ticket in the link; the ticket itself is stored nowhere.',
        api_key_id: 'The key that the session will act for under /mj; null: none.',
        credential:
          'HMAC under SECRET_KEY of the ADMIN_KEY with which it was made; the link ends where that has changed.',
        created_at: 'When it was made.',
        expires_at: 'When it can be used no more.',
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table studio_ticket; drop table studio_session;');
  }
}
