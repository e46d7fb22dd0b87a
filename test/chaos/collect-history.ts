import type { Database } from '#libs/database';
import { audit } from '../../libs/tracking/test/audit.js';
import type { Arrival, ClientRecord, History, TaskRow, UnexpectedExit } from './history.js';
import type { RigUpstream } from './rig-upstream.js';

const ROWS = `select id::text, action, status, prompt, fail_code as "failCode", refused, upstream_task_id as "upstreamTaskId", resends,
    array(select p.upstream_task_id from past_send p where p.task_id = task.id and p.why = 'failed') as "failedIds",
    price::float8, cost::float8, notify_hook is not null as "hasHook",
    (extract(epoch from finished_at) * 1000)::float8 as "finishedAt",
    (select u.kind from upstream u where u.id = task.upstream_id) as "upstreamKind",
    case when status <> 'SUCCESS' then array(select concat_ws(' ', to_char(e.at, 'HH24:MI:SS.MS'), e.kind, e.source, e.detail)
      from task_event e where e.task_id = task.id order by e.id) end as timeline
  from task order by submitted_at, id`;

const UNSETTLED = `select (select count(*)::int from task where finished_at is null) as tasks,
    (select count(*)::int from hook_delivery where state = 'waiting') as hooks`;

const VERSION = `select 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1) as version`;

/** Tasks that have not ended, and ends that receivers have not been told. */
export interface Unsettled {
  tasks: number;
  hooks: number;
}

/** @throws DatabaseUnavailableError */
export async function countUnsettled(database: Database): Promise<Unsettled> {
  const [row] = await database.run<Unsettled>({ name: '', pool: 'work', text: UNSETTLED });
  return row ?? { tasks: 0, hooks: 0 };
}

/** Tasks that wait to be sent. @throws DatabaseUnavailableError */
export async function countUnsent(database: Database): Promise<number> {
  const text = 'select count(*)::int as tasks from task where waiting';
  const [row] = await database.run<{ tasks: number }>({ name: '', pool: 'work', text });
  return row?.tasks ?? 0;
}

/** Gathers what clients, database, upstreams and receivers know. The gateways should have been stopped before. */
export async function collectHistory(
  database: Database,
  upstreams: readonly RigUpstream[],
  seen: { clients: readonly ClientRecord[]; arrivals: readonly Arrival[]; exits: readonly UnexpectedExit[] },
): Promise<History> {
  const rows = await database.run<TaskRow>({ name: '', pool: 'work', text: ROWS });
  const [server] = await database.run<{ version: string }>({ name: '', pool: 'work', text: VERSION });
  const books = await Promise.all(upstreams.map((upstream) => upstream.books(rows)));
  const submits = new Map<string, number>();
  for (const [mark, count] of books.flatMap((one) => [...one.submits]))
    submits.set(mark, (submits.get(mark) ?? 0) + count);
  return {
    ...seen,
    rows,
    postgres: server?.version ?? '',
    submits,
    upstreamTasks: books.flatMap(({ works }) => works),
    audit: await audit(database),
  };
}
