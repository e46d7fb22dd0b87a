import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import sharp from 'sharp';
import { request } from 'undici';
import { newApiKey } from '#libs/access';
import { migrateDatabase } from '../../apps/gateway/src/database/migrate-database.js';
import { seedDatabase } from '../../apps/tools/src/seed/seed-database.js';
import { ChaosPostgres } from '../chaos/chaos-postgres.js';
import { ChaosUpstream } from '../chaos/chaos-upstream.js';
import type { Target } from './attack.js';
import { GoodClient } from './good-client.js';
import { limitMemory, type MemoryLimit } from './memory-limit.js';
import { Victim } from './victim.js';

/** What docs/security.md says to give a replica, bytes. */
const REPLICA_BYTES = 1_073_741_824;
const SEEDED = { full: 700_000, cut: 80_000 };
const FAT = { full: 10_000, cut: 2_000 };
const PICTURES = 8;
const BOMB = join(import.meta.dirname, '../../../test/siege/avif-of-99-megapixels.avif');
const MADE_WITHIN_MS = 60_000;

/** Postgres, upstream, the besieged gateway and the good client of one run. */
export class SiegeStage {
  private constructor(
    readonly postgres: ChaosPostgres,
    readonly upstream: ChaosUpstream,
    readonly limit: MemoryLimit,
    readonly victim: Victim,
    readonly good: GoodClient,
    readonly target: Target,
  ) {}

  /** @param say told what is being made */
  static async open(isCut: boolean, say: (line: string) => void): Promise<SiegeStage> {
    const postgres = await ChaosPostgres.start();
    await migrateDatabase(postgres.url);
    const attackerKey = newApiKey();
    say('seeding tasks of the attacker');
    const fatIds = await seedAttacker(postgres.url, attackerKey, isCut);
    const upstream = await startUpstream();
    const key = newApiKey();
    const limit = await limitMemory(REPLICA_BYTES);
    const environment = {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'production',
      PORT: '0',
      DATABASE_URL: postgres.url,
      SECRET_KEY: randomBytes(32).toString('base64'),
      DATA_DIR: join(postgres.dir, 'gateway'),
      API_KEY: key,
      ADMIN_KEY: newApiKey(),
      UPSTREAM_URL: upstream.url,
      UPSTREAM_MAX_CONCURRENT: '1000',
      POLL_MIN_MS: '500',
      EGRESS_ALLOW: '127.0.0.0/8',
      LOG_LEVEL: 'warn',
    };
    const victim = await Victim.start(environment, limit);
    const made = await makePictures(victim.url, attackerKey);
    const good = await GoodClient.start(victim.url, key);
    const target: Target = { host: '127.0.0.1', port: victim.port, key: attackerKey, ...made, fatIds, isCut };
    return new SiegeStage(postgres, upstream, limit, victim, good, target);
  }

  async close(): Promise<void> {
    await this.good.stop();
    if (this.victim.exit === null) await this.victim.stop();
    await this.limit.remove();
    await this.upstream.close();
    await this.postgres.remove();
  }
}

/** An attacker with a long past; some of it as fat as a task can be. Gives the ids of those. */
async function seedAttacker(url: string, key: string, isCut: boolean): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'journeyman-siege' });
  await client.connect();
  try {
    await seedDatabase(client, {
      tasks: isCut ? SEEDED.cut : SEEDED.full,
      days: 90,
      force: false,
      presentedKeys: [key],
    });
    const { rows } = await client.query<{ id: string }>(
      `update task set prompt = repeat('a fat prompt ', 600), prompt_en = repeat('a fat prompt ', 600), state = repeat('s', 4000)
        where id in (select id from task where status = 'SUCCESS' and api_key_id =
          (select api_key_id from task group by 1 order by count(*) desc limit 1) limit $1)
        returning id`,
      [isCut ? FAT.cut : FAT.full],
    );
    await client.query('vacuum (analyze) task');
    // An attacker that may do little would be a weak one.
    await client.query(`update account set is_limited = false, has_credit_limit = false, requests_per_minute = null,
      max_concurrent = null, daily_tasks = null, monthly_spend = null`);
    // Nothing listens where the seeded upstreams are said to be.
    await client.query('update upstream set enabled = false');
    return rows.map(({ id }) => id);
  } finally {
    await client.end();
  }
}

/** An upstream whose pictures are some megabytes, or a bomb where the prompt asks for one. */
async function startUpstream(): Promise<ChaosUpstream> {
  const side = 1_024;
  const noise = await sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const bomb = await readFile(BOMB);
  return ChaosUpstream.start({
    random: Math.random,
    workMs: [300, 900],
    pictureOf: (prompt) => (prompt.includes('bomb') ? bomb : prompt.includes('large') ? noise : null),
  });
}

async function makePictures(url: string, key: string): Promise<Pick<Target, 'pictureIds' | 'bombId'>> {
  const submit = async (prompt: string): Promise<string> => {
    const answer = await request(`${url}/mj/submit/imagine`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt }),
    });
    return ((await answer.body.json()) as { result: string }).result;
  };
  const pictureIds = await Promise.all(Array.from({ length: PICTURES }, (_, at) => submit(`a large picture, ${at}`)));
  const bombId = await submit('a bomb');
  for (const id of [...pictureIds, bombId]) {
    for (const giveUpAt = performance.now() + MADE_WITHIN_MS; ; await sleep(200)) {
      const answer = await request(`${url}/mj/image/${id}`);
      await answer.body.dump();
      if (answer.statusCode === 200) break;
      if (performance.now() > giveUpAt) throw new Error(`the picture of ${id} did not come: ${answer.statusCode}`);
    }
  }
  return { pictureIds, bombId };
}
