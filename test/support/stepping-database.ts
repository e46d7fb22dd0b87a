import pg from 'pg';

/**
 * Functions of the same names before those of Postgres: the time of the database is its own, and what table `stepped.clock`
 * says. Defaults of columns are bound when they are made, so they are made anew.
 */
const STEPPING = `
  create schema stepped;
  create table stepped.clock (by interval not null);
  insert into stepped.clock values ('0');
  create function stepped.now() returns timestamptz stable language plpgsql as
    $$ begin return pg_catalog.now() + (select by from stepped.clock); end $$;
  create function stepped.clock_timestamp() returns timestamptz volatile language plpgsql as
    $$ begin return pg_catalog.clock_timestamp() + (select by from stepped.clock); end $$;
  set search_path = stepped, pg_catalog, public;
  do $$ declare d record; begin
    for d in
      select c.relname, a.attname, pg_get_expr(f.adbin, f.adrelid) as text from pg_attrdef f
      join pg_attribute a on a.attrelid = f.adrelid and a.attnum = f.adnum join pg_class c on c.oid = f.adrelid
      where c.relnamespace = 'public'::regnamespace and pg_get_expr(f.adbin, f.adrelid) like '%now()%'
    loop
      execute format('alter table public.%I alter column %I set default %s', d.relname, d.attname, replace(d.text, 'pg_catalog.', ''));
    end loop;
  end $$`;

/** Gives a database a clock that `stepDatabase` can set; for `databaseVia`, before a gateway connects. */
export async function makeStepping(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(STEPPING);
  await client.query(`alter database ${new URL(url).pathname.slice(1)} set search_path = stepped, pg_catalog, public`);
  await client.end();
  return url;
}

/** SQL that sets its clock by so much, ms, from where it was at first. */
export function stepDatabase(byMs: number): string {
  return `update stepped.clock set by = ${byMs} * interval '1 ms'`;
}
