import { quote } from './report.js';

const REPORTER = 'journeyman_reporter';

const REPORTER_SETTINGS: Readonly<Record<string, string>> = {
  default_transaction_read_only: 'on',
  statement_timeout: '60s',
  idle_in_transaction_session_timeout: '60s',
  idle_session_timeout: '1h',
  search_path: 'report',
  // Compiling takes longer than most reports.
  jit: 'off',
};

function setUpRole(role: string): string {
  return Object.entries(REPORTER_SETTINGS)
    .map(([name, value]) => `alter role ${role} set ${name} = ${quote(value)};`)
    .join('\n');
}

const TEMP_FILE_LIMIT = '1GB';

/** Of advisory locks a session may take so many that nobody gets any lock of any kind. */
const ADVISORY_LOCKS = [
  'pg_advisory_lock',
  'pg_try_advisory_lock',
  'pg_advisory_xact_lock',
  'pg_try_advisory_xact_lock',
]
  .flatMap((name) => [name, `${name}_shared`])
  .flatMap((name) => [`${name}(bigint)`, `${name}(integer,integer)`]);

/** What writes, or takes from others, without a right on anything; Postgres lets everybody call it. */
const EVERYBODYS_ROUTINES = [
  'lo_create(oid)',
  'lo_creat(integer)',
  'lo_from_bytea(oid,bytea)',
  'lo_put(oid,bigint,bytea)',
  'lowrite(integer,bytea)',
  ...ADVISORY_LOCKS,
  // Fills the log of writes; the first two are those of Postgres 15 and 16.
  'pg_logical_emit_message(boolean,text,text)',
  'pg_logical_emit_message(boolean,text,bytea)',
  'pg_logical_emit_message(boolean,text,text,boolean)',
  'pg_logical_emit_message(boolean,text,bytea,boolean)',
];

/**
 * Role journeyman_reporter and its grants as migration 8 makes them: text of that migration, never edited again. What each
 * start of the gateway makes of them is `reports/reporter-role.ts`.
 */
export const SECURE_REPORTS = `
do $secure$
declare
  reporter constant text := ${quote(REPORTER)};
  schema_owner constant oid := (select nspowner from pg_namespace where nspname = 'report');
  database constant pg_database := (select d from pg_database d where datname = current_database());
  me constant pg_roles := (select r from pg_roles r where rolname = current_user);
  routine text;
  login text;
begin
  if has_table_privilege(to_regclass('public.job_lock'), 'update') then
    perform from public.job_lock where name = 'reports_secure' for no key update;
  end if;
  if to_regrole(reporter) is null then
    if not (me.rolsuper or me.rolcreaterole) then
      return;
    end if;
    begin
      create role ${REPORTER} nologin;
      comment on role ${REPORTER} is 'Reads schema report of Journeyman and nothing else; npm run reporter makes logins for it.';
      ${setUpRole(REPORTER)}
    exception when duplicate_object or unique_violation then
      null;
    end;
  end if;
  if me.rolsuper then
    for login in
      select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.member
      where m.roleid = to_regrole(reporter) and r.rolcanlogin and not r.rolsuper
        and not exists (select from unnest(r.rolconfig) c where starts_with(c, 'temp_file_limit='))
    loop
      begin
        execute format('alter role %I set temp_file_limit = %L', login, ${quote(TEMP_FILE_LIMIT)});
      exception when internal_error or undefined_object then
        -- Another database of the server does so at this moment, or the login is gone.
        null;
      end;
    end loop;
  end if;
  if not pg_has_role(current_user, schema_owner, 'usage') then
    return;
  end if;
  if not has_schema_privilege(reporter, 'report', 'usage') then
    grant usage on schema report to ${REPORTER};
  end if;
  if exists (
    select from pg_class
    where relnamespace = 'report'::regnamespace and relkind in ('v', 'm') and not has_table_privilege(reporter, oid, 'select')
  ) then
    grant select on all tables in schema report to ${REPORTER};
  end if;
  if not pg_has_role(current_user, database.datdba, 'usage') then
    return;
  end if;
  if not has_database_privilege(reporter, database.oid, 'connect') then
    execute format('grant connect on database %I to ${REPORTER}', database.datname);
  end if;
  if exists (
    select from pg_shdepend s
    where s.refclassid = 'pg_authid'::regclass and s.deptype in ('o', 'a')
      and (s.dbid = database.oid or (s.classid = 'pg_database'::regclass and s.objid = database.oid))
      and s.refobjid not in (schema_owner, database.datdba, to_regrole(reporter))
  ) then
    return;
  end if;
  if has_database_privilege(reporter, database.oid, 'temporary') then
    execute format('revoke temporary on database %I from public', database.datname);
  end if;
  if has_schema_privilege(reporter, 'public', 'create') then
    revoke create on schema public from public;
  end if;
  if me.rolsuper then
    foreach routine in array array[${EVERYBODYS_ROUTINES.map(quote).join(', ')}] loop
      if has_function_privilege(reporter, to_regprocedure('pg_catalog.' || routine)::oid, 'execute') then
        execute 'revoke execute on function pg_catalog.' || routine || ' from public';
      end if;
    end loop;
  end if;
end
$secure$`;
