import { statement } from '#libs/database';
import type { StudioSession } from './studio-session.entity.js';

/** A column as SQL gives it. */
export interface SessionRow {
  id: string;
  key_name: string | null;
}

/** Most sessions of one client key, or of all admins; the oldest makes room for a new one. */
export const MOST_SESSIONS = 50;

export interface NewSession extends Pick<StudioSession, 'tokenHash' | 'credential' | 'address' | 'userAgent'> {
  maxAgeMs: number;
  idleMs: number;
}

/** The columns of a new session behind `role, api_key_id, credential`. */
const NEW = `address, user_agent, expires_at, ends_at`;
const NEW_VALUES = `:address, :userAgent, now() + :maxAgeMs::bigint * interval '1 ms',
        now() + least(:maxAgeMs::bigint, :idleMs::bigint) * interval '1 ms'`;

/** Rows beyond the limit go at once, ended ones too: whoever signs in again and again fills no table. */
export const CREATE_SESSION = statement<NewSession & Pick<StudioSession, 'role' | 'apiKeyId'>, { id: string }>({
  name: 'studio_session_create',
  pool: 'http',
  text: `with surplus as (
      delete from studio_session where id in (
        select id from studio_session
        where role = :role::text and (role = 'admin' or api_key_id = :apiKeyId::bigint)
        order by id desc offset ${MOST_SESSIONS - 1}))
    insert into studio_session (token_hash, role, api_key_id, credential, ${NEW})
    values (:tokenHash, :role::text, :apiKeyId::bigint, :credential, ${NEW_VALUES}) returning id`,
});

/** Takes the ticket and opens the session in one statement: of many who bring it at once, the one who deletes it wins. */
export const REDEEM_TICKET = statement<NewSession & { ticketHash: Buffer }, { id: string; api_key_id: string | null }>({
  name: 'studio_ticket_redeem',
  pool: 'http',
  text: `with used as (
      delete from studio_ticket
      where token_hash = :ticketHash and expires_at > now() and credential = :credential
      returning api_key_id),
    surplus as (
      delete from studio_session where id in (
        select id from studio_session where role = 'admin' order by id desc offset ${MOST_SESSIONS - 1})
        and exists (select from used))
    insert into studio_session (token_hash, role, api_key_id, credential, ${NEW})
    select :tokenHash, 'admin', api_key_id, :credential, ${NEW_VALUES} from used returning id, api_key_id`,
});

export const FIND_SESSION = statement<{ tokenHash: Buffer }, SessionRow>({
  name: 'studio_session_by_hash',
  pool: 'http',
  text: `select s.*, k.name as key_name from studio_session s left join api_key k on k.id = s.api_key_id
    where s.token_hash = :tokenHash`,
});

// By id: for the requests of sessions that were found by their hash before.
export const SESSIONS_NOW = statement<{ ids: readonly string[] }, SessionRow>({
  name: 'studio_sessions_now',
  pool: 'work',
  text: `select s.*, k.name as key_name from studio_session s left join api_key k on k.id = s.api_key_id
    where s.id = any(:ids::bigint[])`,
});

/** Newest first. */
export const LIST_SESSIONS = statement<{ before: string | null; limit: number }, SessionRow>({
  name: 'studio_session_list',
  pool: 'http',
  text: `select s.*, k.name as key_name from studio_session s left join api_key k on k.id = s.api_key_id
    where :before::bigint is null or s.id < :before::bigint order by s.id desc limit :limit`,
});

/** Revoking it again changes nothing, and gives the row all the same. */
export const REVOKE_SESSION = statement<{ id: string }, SessionRow>({
  name: 'studio_session_revoke',
  pool: 'http',
  text: `with revoked as (
      update studio_session set revoked_at = coalesce(revoked_at, now()), ends_at = least(ends_at, now())
      where id = :id returning *)
    select r.*, k.name as key_name from revoked r left join api_key k on k.id = r.api_key_id`,
});

/** The key that an admin session acts for; no row where there is no such key, or it is revoked. */
export const CHOOSE_KEY = statement<{ id: string; apiKeyId: string | null }, { id: string }>({
  name: 'studio_session_choose_key',
  pool: 'http',
  text: `update studio_session set api_key_id = :apiKeyId::bigint
    where id = :id and role = 'admin' and revoked_at is null
      and (:apiKeyId::bigint is null
        or exists (select from api_key where id = :apiKeyId::bigint and revoked_at is null))
    returning id`,
});

/** Rows that another replica has locked are skipped: it is writing the same time. */
export const WRITE_USE = statement<{ ids: readonly string[]; idleMs: number; everyMs: number }, object>({
  name: 'studio_session_use',
  pool: 'work',
  text: `update studio_session s
    set last_used_at = now(), ends_at = least(s.expires_at, now() + :idleMs::bigint * interval '1 ms')
    from (select id from studio_session where id = any(:ids::bigint[]) and revoked_at is null and ends_at > now()
      and last_used_at < now() - :everyMs::bigint * interval '1 ms'
      order by id for no key update skip locked) used
    where s.id = used.id`,
});

/** No row where the key is unknown or revoked. */
export const CREATE_TICKET = statement<
  { tokenHash: Buffer; apiKeyId: string | null; credential: Buffer; maxAgeMs: number },
  { expires_at: Date }
>({
  name: 'studio_ticket_create',
  pool: 'http',
  text: `insert into studio_ticket (token_hash, api_key_id, credential, expires_at)
    select :tokenHash, :apiKeyId::bigint, :credential, now() + :maxAgeMs::bigint * interval '1 ms'
    where :apiKeyId::bigint is null or exists (select from api_key where id = :apiKeyId::bigint and revoked_at is null)
    returning expires_at`,
});

/** Sessions stay a week beyond their end, to be seen in the list. */
export const REMOVE_ENDED = statement<{ limit: number }, { count: number }>({
  name: 'studio_session_remove',
  pool: 'work',
  text: `with sessions as (
      delete from studio_session where id in (
        select id from studio_session where ends_at < now() - interval '7 days'
        order by ends_at limit :limit for update skip locked) returning 1),
    tickets as (
      delete from studio_ticket where token_hash in (
        select token_hash from studio_ticket where expires_at < now()
        order by expires_at limit :limit for update skip locked) returning 1)
    select ((select count(*) from sessions) + (select count(*) from tickets))::integer as count`,
});
