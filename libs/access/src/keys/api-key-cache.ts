import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { rowReader, statement, type Database } from '#libs/database';
import { monotonicMs, LoadingCache, type MonotonicClock } from '#libs/runtime';
import { AddressRanges } from './address-ranges.js';
import { ApiKey } from './api-key.entity.js';
import { hashOf, prefixOf } from './api-key-secret.js';

/** Changes and revocations hold on every replica within 10 s; half of that time is the age of cached keys. */
const KEEP_MS = 5_000;
/** Bounds the memory that guessed keys can take. */
const MAX_ENTRIES = 10_000;

/** A row of `api_key`, and the limit of its account. */
interface KnownKeyRow {
  requests_per_minute: number | null;
}

const FIND_BY_HASH = statement<{ keyHash: Buffer }, KnownKeyRow>({
  name: 'key_by_hash',
  pool: 'http',
  text: `select k.*, a.requests_per_minute from api_key k left join account a on a.api_key_id = k.id
    where k.key_hash = :keyHash`,
});

// By id: keys that are asked about were found by their hash before, and may have another hash now.
const READ_NOW = statement<{ keyIds: readonly string[] }, KnownKeyRow>({
  name: 'keys_now',
  pool: 'work',
  text: `select k.*, a.requests_per_minute from api_key k left join account a on a.api_key_id = k.id
    where k.id = any(:keyIds::bigint[])`,
});

const FIND_BY_ID = statement<{ keyId: string }, KnownKeyRow>({
  name: 'key_by_id',
  pool: 'http',
  text: `select k.*, a.requests_per_minute from api_key k left join account a on a.api_key_id = k.id
    where k.id = :keyId`,
});

const ADD_KEY = statement<{ name: string; prefix: string; keyHash: Buffer }, object>({
  name: 'key_add',
  pool: 'work',
  text: `with made as (
      insert into api_key (name, prefix, key_hash) values (:name, :prefix, :keyHash)
      on conflict (key_hash) do update set name = api_key.name returning *),
    opened as (insert into account (api_key_id) select id from made on conflict do nothing)
    select * from made`,
});

const readKey = rowReader(ApiKey);

/** A key that a client presented, and the limits that every request is checked against. */
export interface KnownKey extends ApiKey {
  /** Most submits in a minute; null: no limit. */
  requestsPerMinute: number | null;
  /** Addresses that the key may be used from; null: any. */
  addresses: AddressRanges | null;
}

function readKnown(row: KnownKeyRow): KnownKey {
  const key = readKey(row);
  const addresses = key.ipAllow === null ? null : new AddressRanges(key.ipAllow);
  return Object.assign(key, { requestsPerMinute: row.requests_per_minute, addresses });
}

/** Read cache of API keys: finds the key that a client presents without a query for each request. */
export class ApiKeyCache {
  private readonly keys: LoadingCache<KnownKey | null>;
  private readonly byId: LoadingCache<KnownKey | null>;
  /** Cache keys of API keys that were live at their last look-up or were made here, the least recent first. */
  private readonly trusted = new LRUCache<string, true>({ max: MAX_ENTRIES });

  constructor(
    private readonly database: Database,
    clock: MonotonicClock = monotonicMs,
  ) {
    this.keys = new LoadingCache({ max: MAX_ENTRIES, ttlMs: KEEP_MS }, clock);
    this.byId = new LoadingCache({ max: MAX_ENTRIES, ttlMs: KEEP_MS }, clock);
  }

  /**
   * The live key that was presented; null for an unknown or revoked one. A cached key is given without a promise: every
   * request looks one up, and a promise costs more than the look-up.
   * @throws DatabaseUnavailableError (rejects) when the key is not cached and Postgres is away
   */
  find(presented: string): KnownKey | null | Promise<KnownKey | null> {
    const hash = hashOf(presented);
    return this.read(hash.toString('base64'), hash);
  }

  /**
   * Does the same as {@link find} for keys that were live before; gives undefined for any other key, without a look-up. So
   * clients that guess keys can be limited before a look-up is made for them, and clients with a live key never are.
   */
  recall(presented: string): KnownKey | null | Promise<KnownKey | null> | undefined {
    const hash = hashOf(presented);
    const slot = hash.toString('base64');
    return this.trusted.has(slot) ? this.read(slot, hash) : undefined;
  }

  /** A key by its id, a revoked one too; null for an unknown one. Cached as {@link find}. @throws DatabaseUnavailableError (rejects) */
  findById(keyId: string): KnownKey | null | Promise<KnownKey | null> {
    return this.byId.get(keyId, async () => {
      const [row] = await this.database.run(FIND_BY_ID, { keyId });
      return row === undefined ? null : readKnown(row);
    });
  }

  /**
   * Keys by their ids as they are stored now, revoked ones too, past the cache; one statement for all of them.
   * @throws DatabaseUnavailableError
   */
  async readNow(ids: readonly string[]): Promise<Map<string, KnownKey>> {
    const rows = await this.database.run(READ_NOW, { keyIds: ids });
    return new Map(rows.map(readKnown).map((key) => [key.id, key]));
  }

  /** Empties the cache: the monotonic clock may have stood still while other replicas changed keys. */
  forget(): void {
    this.keys.clear();
    this.byId.clear();
  }

  /** Stores the key that API_KEY names, without limits, unless it is stored already. Safe to run on every boot. */
  async ensure(name: string, presented: string): Promise<ApiKey> {
    const [row] = await this.database.run(ADD_KEY, { name, prefix: prefixOf(presented), keyHash: hashOf(presented) });
    if (row === undefined) throw new Error('the API key could not be stored');
    this.trust(presented);
    return readKey(row);
  }

  /** Marks a key that was made here as live, so that {@link recall} looks it up. */
  trust(presented: string): void {
    this.trusted.set(hashOf(presented).toString('base64'), true);
  }

  private read(slot: string, hash: Buffer): KnownKey | null | Promise<KnownKey | null> {
    const found = this.keys.get(slot, () => this.load(slot, hash));
    return found instanceof Promise ? found.then((key) => liveOrNull(key, hash)) : liveOrNull(found, hash);
  }

  private async load(slot: string, hash: Buffer): Promise<KnownKey | null> {
    const [row] = await this.database.run(FIND_BY_HASH, { keyHash: hash });
    const found = row === undefined ? null : readKnown(row);
    if (liveOrNull(found, hash) === null) this.trusted.delete(slot);
    else this.trusted.set(slot, true);
    return found;
  }
}

function liveOrNull(key: KnownKey | null, hash: Buffer): KnownKey | null {
  return key !== null && key.revokedAt === null && timingSafeEqual(key.keyHash, hash) ? key : null;
}
