import type { ClientBase } from 'pg';
import { booksOf, THIS_MONTH, TODAY } from '#libs/access';
import { withoutIndexes } from './bulk-load.js';
import {
  INSERT_ASSETS,
  INSERT_CALLS,
  INSERT_EVENTS,
  INSERT_HOOKS,
  INSERT_LEDGER,
  INSERT_POLLS,
} from './seed-effects.js';
import { seedOwners, SEED_PREFIX, type SeedOwners } from './seed-owners.js';
import { INSERT_TASKS } from './seed-rows.js';

export interface SeedOptions {
  /** How many tasks, 1 to 20,000,000. */
  tasks: number;
  /** Over how many days up to now. */
  days: number;
  /** Also into a database that has tasks of real keys. */
  force: boolean;
  /** Keys whose text the caller knows; the first gets most of the tasks. */
  presentedKeys?: readonly string[];
  /** Told what is being made. */
  say?: (line: string) => void;
}

/** The database has tasks that nobody seeded. */
export class RealTasksError extends Error {
  constructor() {
    super('this database has tasks that were not seeded; with --force seeded ones are added to them');
  }
}

/** The last of the tasks still run: one in a thousand, and no more than a gateway would have. */
const RUNNING_SHARE = 1_000;
const MOST_RUNNING = 500;
const KEY_WEIGHT = 2;
/** A session's tasks come over a quarter of an hour, and none may be submitted in the future. */
const LAST_SESSION_MS = 16 * 60_000;

/**
 * Fills a migrated database with believable tasks and everything that tasks leave behind, in one transaction: keys,
 * upstreams, timelines, a ledger that adds up, hooks, pictures (without their files), calls. No task waits, so a gateway
 * may run on it. To a database with seeded tasks more are added.
 * @throws RealTasksError
 */
export async function seedDatabase(client: ClientBase, options: SeedOptions): Promise<void> {
  const { tasks, days, force, presentedKeys = [], say = () => undefined } = options;
  const { isEmpty, hasReal } = await lookInto(client);
  if (hasReal && !force) throw new RealTasksError();
  await client.query('begin');
  try {
    await client.query(`set local maintenance_work_mem = '256MB'; set local synchronous_commit = off`);
    const owners = await seedOwners(client, presentedKeys);
    const load = (): Promise<void> => insertAll(client, owners, { tasks, days, say });
    // Others would be locked out for as long as it takes.
    await (isEmpty ? withoutIndexes(client, load) : load());
    say('balances');
    await balance(client, owners);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
  say('statistics');
  await client.query('vacuum (analyze)');
  await refreshReports(client);
}

async function insertAll(
  client: ClientBase,
  { keyIds, upstreamIds }: SeedOwners,
  { tasks, days, say }: Required<Pick<SeedOptions, 'tasks' | 'days' | 'say'>>,
): Promise<void> {
  const { rows } = await client.query<{ n: string }>('select count(*) as n from task');
  const before = Number(rows[0]?.n ?? 0);
  const run = `seed-${before}`;
  const spanMs = days * 86_400_000 - LAST_SESSION_MS;
  const from = new Date(Date.now() - LAST_SESSION_MS - spanMs);
  say(`${tasks} tasks`);
  await client.query(INSERT_TASKS, [
    tasks,
    from,
    `${spanMs} ms`,
    before,
    keyIds,
    upstreamIds,
    run,
    Math.min(MOST_RUNNING, Math.ceil(tasks / RUNNING_SHARE)),
    KEY_WEIGHT,
  ]);
  await client.query('analyze task');
  for (const [what, statements] of [
    ['polls', [INSERT_POLLS]],
    ['timelines', [INSERT_EVENTS]],
    ['ledger', INSERT_LEDGER],
    ['hooks', INSERT_HOOKS],
    ['pictures', [INSERT_ASSETS]],
    ['calls', [INSERT_CALLS]],
  ] as const) {
    say(what);
    for (const statement of statements) await client.query(statement, [run]);
  }
  say('indexes');
}

/** Accounts as the ledger and the tasks say, and slots as tasks take them. */
async function balance(client: ClientBase, { keyIds, upstreamIds }: SeedOwners): Promise<void> {
  await client.query('analyze ledger, task');
  await client.query(
    `update account a set is_limited = true, has_credit_limit = true, balance = b.total,
        month = ${THIS_MONTH}, month_spent = b.month_spent, day = ${TODAY}, day_used = t.today, running = t.running
      from unnest($1::bigint[]) as k (id) cross join lateral (${booksOf('k.id')}) b
      cross join lateral (
        select count(*) filter (where is_counted)::integer as running,
          count(*) filter (where (submitted_at at time zone 'utc')::date = ${TODAY} and not refused and alias_of is null)::integer as today
        from task where api_key_id = k.id) t
      where a.api_key_id = k.id`,
    [keyIds],
  );
  await client.query(
    `update upstream_load l set running = n.running, max_concurrent = greatest(l.max_concurrent, n.running)
      from (select u.id, count(t.id)::integer as running from unnest($1::bigint[]) as u (id)
        left join task t on t.upstream_id = u.id and t.has_slot group by u.id) n
      where l.upstream_id = n.id`,
    [upstreamIds],
  );
}

async function lookInto(client: ClientBase): Promise<{ isEmpty: boolean; hasReal: boolean }> {
  const { rows } = await client.query<{ is_empty: boolean; has_real: boolean }>(
    `select not exists (select from task) as is_empty,
      exists (select from api_key k where not starts_with(k.name, $1)
        and exists (select from task t where t.api_key_id = k.id)) as has_real`,
    [SEED_PREFIX],
  );
  return { isEmpty: rows[0]?.is_empty === true, hasReal: rows[0]?.has_real !== false };
}

async function refreshReports(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ view: string }>(
    `select quote_ident(schemaname) || '.' || quote_ident(matviewname) as view from pg_matviews where schemaname = 'report'`,
  );
  for (const { view } of rows) await client.query(`refresh materialized view ${view}`);
}
