import Fastify from 'fastify';
import pg from 'pg';
import { offer, serve, settingsOf } from '../children/offer.js';
import { taskBody, TASK_COLUMNS, type FloorTask } from './task-body.js';

/**
 * The least that can answer a fetch and a list with the same bytes: Fastify, one pool, one prepared statement by id and
 * key. No key is checked, nothing is limited, counted or logged.
 */
const { databaseUrl, keyId } = settingsOf<{ databaseUrl: string; keyId: string }>();
const pool = new pg.Pool({ connectionString: databaseUrl, max: 12 });
const ONE = { name: 'one', text: `select ${TASK_COLUMNS} from task where id = $1 and api_key_id = $2` };
const MANY = {
  name: 'many',
  text: `select ${TASK_COLUMNS} from task where id = any($1::bigint[]) and api_key_id = $2`,
};

const app = Fastify({ logger: false });
app.get<{ Params: { id: string } }>('/mj/task/:id/fetch', async (request, reply) => {
  const { rows } = await pool.query<FloorTask>({ ...ONE, values: [request.params.id, keyId] });
  return reply
    .type('application/json; charset=utf-8')
    .send(rows[0] === undefined ? '' : JSON.stringify(taskBody(rows[0], base(request.host))));
});
app.post<{ Body: { ids: string[] } }>('/mj/task/list-by-condition', async (request, reply) => {
  const { rows } = await pool.query<FloorTask>({ ...MANY, values: [request.body.ids, keyId] });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const tasks = request.body.ids.flatMap((id) => byId.get(id) ?? []);
  return reply
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(tasks.map((task) => taskBody(task, base(request.host)))));
});

function base(host: string): string {
  return `http://${host}`;
}

offer({});
serve(await app.listen({ host: '127.0.0.1', port: 0 }));
