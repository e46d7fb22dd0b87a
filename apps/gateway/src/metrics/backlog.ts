import { statement, type Database, type NoParameters } from '#libs/database';
import { raceTimeout } from '#libs/runtime';

/** Time limit of a reading, ms: its caller (a scrape, a probe) has a deadline too. */
const TIMEOUT_MS = 3_000;

/** The backlog of all replicas, read from the database. */
export interface Backlog {
  /** How overdue the most overdue poll is, s. */
  pollLag: number;
  /** Submits whose outcome is being looked up. */
  unknown: number;
  /** Tasks that wait for a free upstream. */
  waiting: number;
  hooksWaiting: number;
  /** How overdue the most overdue end of a task is to be told, s. */
  hooksOldest: number;
  upstreams: BacklogUpstream[];
}

export interface BacklogUpstream {
  name: string;
  kind: string;
  enabled: boolean;
  circuit: 'closed' | 'open' | 'half-open';
  running: number;
  maxConcurrent: number;
}

// Each part reads a partial index of unfinished work: none grows with finished work.
const READ_BACKLOG = statement<NoParameters, Backlog>({
  name: 'backlog',
  pool: 'work',
  text: `select
    coalesce(greatest(0, extract(epoch from now() - (
      select min(p.due_at) from upstream u cross join lateral (
        select due_at from task_poll where upstream_id = u.id order by due_at limit 1) p))), 0)::float8
      as "pollLag",
    (select count(*)::int from task where look_up_at is not null) as unknown,
    (select count(*)::int from task where waiting) as waiting,
    (select count(*)::int from hook_delivery where next_at is not null) as "hooksWaiting",
    coalesce(extract(epoch from now() - (
      select min(next_at) from hook_delivery where next_at <= now() and terminal)), 0)::float8 as "hooksOldest",
    (select coalesce(jsonb_agg(jsonb_build_object('name', u.name, 'kind', u.kind, 'enabled', u.enabled, 'circuit',
          case when u.circuit_until is null then 'closed' when u.circuit_until > now() then 'open' else 'half-open' end,
          'running', l.running, 'maxConcurrent', l.max_concurrent) order by u.name), '[]')
      from upstream u join upstream_load l on l.upstream_id = u.id where u.retired_at is null) as upstreams`,
});

/** Null while Postgres does not answer in time. */
export async function readBacklog(database: Pick<Database, 'run'>): Promise<Backlog | null> {
  const read = database.run(READ_BACKLOG).then(
    ([row]) => row ?? null,
    () => null,
  );
  return raceTimeout(TIMEOUT_MS, read, () => null);
}
