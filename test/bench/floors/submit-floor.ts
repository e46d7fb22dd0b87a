import Fastify from 'fastify';
import pg from 'pg';
import { Pool, request as send } from 'undici';
import { offer, serve, settingsOf } from '../children/offer.js';

/**
 * The least that can take a submit in, keep it, pass it on and keep the answer: Fastify, undici, an insert and an update.
 * No key, price, limit, slot, event or ledger.
 */
const { databaseUrl, upstreamUrl, bodyLimit, keeps } = settingsOf<{
  databaseUrl: string;
  upstreamUrl: string;
  bodyLimit: number;
  /** False: the body is parsed and passed on, and nothing is kept. */
  keeps: boolean;
}>();
const pool = new pg.Pool({ connectionString: databaseUrl, max: 12 });
const upstream = new Pool(upstreamUrl, { connections: 64, pipelining: 1 });
const INSERT = { name: 'insert', text: 'insert into floor_submit (id, prompt, status) values ($1, $2, $3)' };
const UPDATE = { name: 'update', text: 'update floor_submit set status = $2, upstream_task_id = $3 where id = $1' };
let last = Date.now() * 1_000;

if (keeps) {
  await pool.query(
    'create table if not exists floor_submit (id bigint primary key, prompt text, status text, upstream_task_id text)',
  );
}

const app = Fastify({ logger: false, bodyLimit });
app.post<{ Body: { prompt: string } }>('/mj/submit/imagine', async (request) => {
  last += 1;
  const id = String(last);
  if (keeps) await pool.query({ ...INSERT, values: [id, request.body.prompt, 'NOT_START'] });
  const answer = await send(`${upstreamUrl}/mj/submit/imagine`, {
    method: 'POST',
    dispatcher: upstream,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request.body),
  });
  const { code, result } = (await answer.body.json()) as { code: number; result: string };
  if (keeps) await pool.query({ ...UPDATE, values: [id, 'SUBMITTED', result] });
  return { code, description: 'Submit success', result: id, properties: {} };
});

offer({});
serve(await app.listen({ host: '127.0.0.1', port: 0 }));
