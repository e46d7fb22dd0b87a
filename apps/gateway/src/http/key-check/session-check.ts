import type { FastifyInstance, FastifyRequest } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import type { ApiKeyCache, KnownKey } from '#libs/access';
import { hasStudioHeader, presentedCookie } from '../../studio/session/session-cookie.js';
import { isSessionSecret } from '../../studio/session/session-secret.js';
import type { KnownSession, SessionStore } from '../../studio/session/session-store.js';
import type { SessionUsage } from '../../studio/session/session-usage.js';
import { MjError } from '../errors/mj-error.js';
import { KeyAttempts } from './key-attempts.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The session of Studio that the request was let in by; null: a key, or nobody. */
    studioSession: KnownSession | null;
  }
}

/** Unknown tokens that an address may send in a minute. */
const WRONG_TOKENS = { points: 60, seconds: 60 };
/** Methods that change nothing. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

export interface SessionCheckOptions {
  sessions: Pick<SessionStore, 'find' | 'isKnown' | 'readNow'>;
  usage: Pick<SessionUsage, 'note'>;
  keys: Pick<ApiKeyCache, 'findById'>;
  /** The `credential` of sessions that were signed in with the ADMIN_KEY of this process; null: there is none. */
  adminCredential: Buffer | null;
  /** The time by which sessions end. */
  now: () => Date;
}

/** A live session, and its key as it is now. */
export interface Admitted {
  session: KnownSession;
  key: KnownKey | null;
}

/** Makes `request.studioSession` known, whether there is a Studio or not. */
export function decorateSessions(fastify: FastifyInstance): void {
  fastify.decorateRequest('studioSession', null);
}

/** Tells who a request with the cookie of Studio is from. It is asked only for requests that carry no key of their own. */
export class SessionCheck {
  private readonly attempts = new KeyAttempts(WRONG_TOKENS);

  constructor(private readonly options: SessionCheckOptions) {}

  /** Whether the request carries the cookie at all. */
  hasCookie(request: FastifyRequest): boolean {
    return presentedCookie(request).kind !== 'none';
  }

  /**
   * The live session of the cookie, which the request has from then on.
   * @throws MjError `studio_header_is_missing` for a write without the header; `session_has_ended` for an unknown, ended or
   *   ambiguous one; `too_many_requests` for an address that guesses
   */
  async admit(request: FastifyRequest): Promise<Admitted> {
    if (!READS.has(request.method) && !hasStudioHeader(request)) throw new MjError('studio_header_is_missing');
    const cookie = presentedCookie(request);
    if (cookie.kind !== 'token' || !isSessionSecret('session', cookie.token)) throw new MjError('session_has_ended');
    const session = await this.find(cookie.token, request.ip);
    if (session === null || !this.isLive(session)) throw new MjError('session_has_ended');
    const key = session.apiKeyId === null ? null : await this.keyOf(session.apiKeyId);
    if (session.role === 'client' && (key === null || !isSame(key.keyHash, session.credential))) {
      throw new MjError('session_has_ended');
    }
    this.options.usage.note(session, this.options.now());
    request.studioSession = session;
    return { session, key };
  }

  /** The key that the request acts under. @throws MjError as {@link admit}; `session_has_no_key` for an admin without one */
  async admitKey(request: FastifyRequest): Promise<KnownKey> {
    const { key } = await this.admit(request);
    if (key === null) throw new MjError('session_has_no_key');
    return key;
  }

  /** Those of these sessions that are live now, past every cache. @throws DatabaseUnavailableError */
  async liveOf(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const now = await this.options.sessions.readNow(ids);
    return new Set(ids.filter((id) => this.isLive(now.get(id))));
  }

  private async find(token: string, address: string): Promise<KnownSession | null> {
    const { sessions } = this.options;
    if (sessions.isKnown(token)) return sessions.find(token);
    const found = await this.attempts.try(address, () => sessions.find(token));
    if (found === 'refused') throw new MjError('too_many_requests', { retryAfter: this.attempts.retryAfter(address) });
    return found;
  }

  /** Null for a revoked key. */
  private async keyOf(id: string): Promise<KnownKey | null> {
    const key = await this.options.keys.findById(id);
    return key === null || key.revokedAt !== null ? null : key;
  }

  private isLive(session: KnownSession | undefined): boolean {
    const { adminCredential, now } = this.options;
    if (session === undefined || session.revokedAt !== null || session.endsAt <= now()) return false;
    if (session.role === 'client') return true;
    return adminCredential !== null && isSame(session.credential, adminCredential);
  }
}

/** Compares in constant time. */
function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
