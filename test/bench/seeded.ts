import type { Client } from 'pg';
import { seedDatabase } from '../../apps/tools/src/seed/seed-database.js';
import type { Bench } from './bench.js';
import { install, type Installation } from './installation.js';

/** An installation among so many seeded tasks, most of which are its own key's; with some of their ids. */
export interface Seeded extends Installation {
  /** Finished tasks of the key, from all over the table. */
  ids: string[];
}

const DAYS = 90;
const IDS = 5_000;

export async function installSeeded(bench: Bench, tasks: number, upstreamUrl: string): Promise<Seeded> {
  const began = Date.now();
  const installation = await install(bench, { upstreamUrl, settings: { ROLE: 'api' } });
  const { sql, key } = installation;
  await seedDatabase(sql, { tasks, days: DAYS, force: false, presentedKeys: [key] });
  bench.say(`  ${tasks.toLocaleString('en-GB')} tasks seeded in ${((Date.now() - began) / 1_000).toFixed(0)} s`);
  // Neither a checkpoint nor a vacuum of what was seeded may fall into the rounds.
  await sql.query('checkpoint');
  return { ...installation, keyId: await largestKey(sql), ids: await idsOf(sql) };
}

async function largestKey(sql: Client): Promise<string> {
  const { rows } = await sql.query<{ id: string }>(
    'select api_key_id as id from task group by 1 order by count(*) desc limit 1',
  );
  return rows[0]?.id ?? '';
}

async function idsOf(sql: Client): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `select id from task where api_key_id = (select api_key_id from task group by 1 order by count(*) desc limit 1)
      and status = 'SUCCESS' order by random() limit $1`,
    [IDS],
  );
  return rows.map(({ id }) => id);
}
