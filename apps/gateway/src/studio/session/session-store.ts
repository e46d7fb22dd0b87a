import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { rowReader, type Database } from '#libs/database';
import { LoadingCache, monotonicMs, type MonotonicClock } from '#libs/runtime';
import { hashOfSecret } from './session-secret.js';
import { FIND_SESSION, SESSIONS_NOW, type SessionRow } from './session-statements.js';
import { StudioSession } from './studio-session.entity.js';

/** A session that was ended elsewhere is refused within 10 s; half of that time is the age of cached ones. */
const KEEP_MS = 5_000;
/** Bounds the memory that guessed tokens can take. */
const MAX_ENTRIES = 10_000;

const readSession = rowReader(StudioSession);

/** A session, and the name of its key. */
export interface KnownSession extends StudioSession {
  keyName: string | null;
}

/** A row as a session. */
export function readKnownSession(row: SessionRow): KnownSession {
  return Object.assign(readSession(row), { keyName: row.key_name });
}

/** Read cache of sessions by the token in their cookie, as {@link ApiKeyCache} is one of keys. */
export class SessionStore {
  private readonly sessions: LoadingCache<KnownSession | null>;
  /** Cache keys of tokens that were found at their last look-up or were made here, the least recent first. */
  private readonly known = new LRUCache<string, true>({ max: MAX_ENTRIES });

  constructor(
    private readonly database: Pick<Database, 'run'>,
    clock: MonotonicClock = monotonicMs,
  ) {
    this.sessions = new LoadingCache({ max: MAX_ENTRIES, ttlMs: KEEP_MS }, clock);
  }

  /** The session of a token, ended ones too; null for an unknown token. @throws DatabaseUnavailableError */
  async find(token: string): Promise<KnownSession | null> {
    const hash = hashOfSecret(token);
    const slot = hash.toString('base64');
    const found = await this.sessions.get(slot, () => this.load(slot, hash));
    return found !== null && timingSafeEqual(found.tokenHash, hash) ? found : null;
  }

  /** Whether the token was found before, so that its look-up is no guess. */
  isKnown(token: string): boolean {
    return this.known.has(hashOfSecret(token).toString('base64'));
  }

  /** Marks a token that was made here as known. */
  trust(token: string): void {
    this.known.set(hashOfSecret(token).toString('base64'), true);
  }

  /** Sessions by id as they are stored now, past the cache. @throws DatabaseUnavailableError */
  async readNow(ids: readonly string[]): Promise<Map<string, KnownSession>> {
    const rows = await this.database.run(SESSIONS_NOW, { ids });
    return new Map(rows.map(readKnownSession).map((session) => [session.id, session]));
  }

  /** Forgets a session that was changed here: its next request reads it anew. */
  forgetSession({ tokenHash }: Pick<StudioSession, 'tokenHash'>): void {
    this.sessions.delete(tokenHash.toString('base64'));
  }

  /** Empties the cache: the monotonic clock may have stood still while other replicas ended sessions. */
  forget(): void {
    this.sessions.clear();
  }

  private async load(slot: string, hash: Buffer): Promise<KnownSession | null> {
    const [row] = await this.database.run(FIND_SESSION, { tokenHash: hash });
    if (row === undefined) this.known.delete(slot);
    else this.known.set(slot, true);
    return row === undefined ? null : readKnownSession(row);
  }
}
