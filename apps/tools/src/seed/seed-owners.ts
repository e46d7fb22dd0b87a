import { createHash, randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';

/** Names of everything that is seeded begin so: by it seeded keys are told from real ones. */
export const SEED_PREFIX = 'seed: ';

/** Keys and upstreams that seeded tasks are spread over. */
export interface SeedOwners {
  keyIds: string[];
  upstreamIds: string[];
}

const KEY_NAMES = [
  'studio north',
  'storefront',
  'print shop',
  'game assets',
  'newsletter',
  'interior design',
  'bot alpha',
  'research',
  'wallpapers',
  'partner one',
  'partner two',
  'trial',
];
/** Where nothing listens: seeded upstreams get no work, and looks at what runs with them come to nothing. */
const NOWHERE = 'http://127.0.0.1:9';
const UPSTREAM_NAMES = ['proxy-eu', 'proxy-us', 'proxy-spare'];

/**
 * Makes sure that there are keys and upstreams to seed with. `presentedKeys` are keys whose text the caller knows; the
 * first of all keys gets most of the tasks. The others have keys that nobody knows.
 */
export async function seedOwners(client: ClientBase, presentedKeys: readonly string[]): Promise<SeedOwners> {
  const keys = KEY_NAMES.map((name, at) => presentedKeys[at] ?? `sk-${name}-${randomBytes(24).toString('hex')}`);
  await client.query(
    `with given as (
        select $1 || name as name, hash, left(prefix, 11) as prefix
        from unnest($2::text[], $3::bytea[], $4::text[]) as g (name, hash, prefix)
      ), made as (
        insert into api_key (name, prefix, key_hash, created_at)
        select name, prefix, hash, now() - interval '400 days' from given
        where not exists (select from api_key k where k.name = given.name)
        on conflict (key_hash) do update set name = excluded.name returning id)
      insert into account (api_key_id) select id from made on conflict do nothing`,
    [SEED_PREFIX, KEY_NAMES, keys.map(hashOf), keys.map((key) => key.slice(0, 11))],
  );
  await client.query(
    `with made as (
        insert into upstream (name, base_url, enabled)
        select $1 || given.name, $3, false from unnest($2::text[]) as given (name)
        where not exists (select from upstream u where u.name = $1 || given.name) returning id)
      insert into upstream_load (upstream_id, max_concurrent) select id, 12 from made`,
    [SEED_PREFIX, UPSTREAM_NAMES, NOWHERE],
  );
  return {
    keyIds: await idsOf(client, 'api_key'),
    upstreamIds: await idsOf(client, 'upstream'),
  };
}

async function idsOf(client: ClientBase, table: 'api_key' | 'upstream'): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select id from ${table} where starts_with(name, $1) order by id`,
    [SEED_PREFIX],
  );
  return rows.map(({ id }) => id);
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}
