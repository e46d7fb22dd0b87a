import pg from 'pg';
import { Pool } from 'undici';
import { offer, serve, settingsOf } from '../children/offer.js';

/** The least that can bring tasks up to date: list calls of 100 ids, four at once, and one bulk update for each. No rules. */
const { databaseUrl, upstreamUrl } = settingsOf<{ databaseUrl: string; upstreamUrl: string }>();
const LANES = 4;
const BATCH = 100;
const pool = new pg.Pool({ connectionString: databaseUrl, max: LANES });
const upstream = new Pool(upstreamUrl, { connections: LANES, pipelining: 1 });
const UPDATE = {
  name: 'update',
  text: `update task t set status = n.status, progress = n.progress, next_poll_at = now() + interval '1 minute'
    from unnest($1::text[], $2::text[], $3::smallint[]) as n (upstream_task_id, status, progress)
    where t.upstream_id = $4 and t.upstream_task_id = n.upstream_task_id`,
};

interface Listed {
  id: string;
  status: string;
  progress: string;
}

async function sync({ upstreamId }: { upstreamId: string }): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    'select upstream_task_id as id from task where upstream_id = $1 and next_poll_at <= now() order by next_poll_at',
    [upstreamId],
  );
  const left = rows.map(({ id }) => id);
  const lane = async (): Promise<void> => {
    for (let ids = left.splice(0, BATCH); ids.length > 0; ids = left.splice(0, BATCH)) {
      const { body } = await upstream.request({
        method: 'POST',
        path: '/mj/task/list-by-condition',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ids }),
      });
      const tasks = (await body.json()) as Listed[];
      const values = [
        tasks.map(({ id }) => id),
        tasks.map(({ status }) => status),
        tasks.map(({ progress }) => Number.parseInt(progress, 10)),
        upstreamId,
      ];
      await pool.query({ ...UPDATE, values });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

offer({ sync });
serve('');
