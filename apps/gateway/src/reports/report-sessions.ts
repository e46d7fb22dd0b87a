import { REPORTER } from './reporter-role.js';

/** A session of a login for reports that was ended, or could not be. */
export interface EndedSession {
  pid: number;
  user: string;
  application: string;
  /** For how long its transaction was open. */
  seconds: number;
}

/**
 * Ends the sessions of logins for reports in this database whose transaction has been open for longer than $1 ms: a login
 * can set its own time limits away, and an open transaction keeps rows from being cleaned up, and migrations from their
 * locks. Logins that may also act for the owner are let be. A role that may not end them finds an error or, where it is not
 * told of the transactions of others, nothing.
 */
export const END_LONG_REPORTS = `
  with long as materialized (
    select a.pid, a.usename as "user", coalesce(a.application_name, '') as application,
      extract(epoch from clock_timestamp() - a.xact_start)::int as seconds
    from pg_stat_activity a join pg_roles r on r.oid = a.usesysid
      join pg_auth_members m on m.member = r.oid and m.roleid = to_regrole('${REPORTER}')::oid
      join pg_database d on d.oid = a.datid and d.datname = current_database()
    where a.xact_start < clock_timestamp() - $1::float8 * interval '1 ms' and not r.rolsuper and r.rolname <> current_user
      and not pg_has_role(r.oid, d.datdba, 'member')
      and not pg_has_role(r.oid, (select nspowner from pg_namespace where nspname = 'report'), 'member'))
  select long.* from long where pg_terminate_backend(long.pid)`;

/** Whether this database user is told of the sessions of others, and may end them. */
export const MAY_END_REPORTS = `
  select rolsuper or (pg_has_role(current_user, 'pg_signal_backend', 'usage') and pg_has_role(current_user, 'pg_read_all_stats', 'usage')) as may
  from pg_roles where rolname = current_user`;
