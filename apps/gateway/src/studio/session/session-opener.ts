import { Inject, Injectable } from '@nestjs/common';
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { ApiKeyCache, type KnownKey } from '#libs/access';
import { Database } from '#libs/database';
import { ENVIRONMENT } from '../../config/environment.module.js';
import type { Environment } from '../../config/environment.js';
import { MjError } from '../../http/errors/mj-error.js';
import { Problem } from '../../http/errors/problem.js';
import { digest } from '../../http/key-check/admin-check.js';
import { KeyAttempts } from '../../http/key-check/key-attempts.js';
import { AdminCredential } from './admin-credential.js';
import { hashOfSecret, isSessionSecret, newSessionSecret } from './session-secret.js';
import { CREATE_SESSION, REDEEM_TICKET, type NewSession } from './session-statements.js';
import { SessionStore } from './session-store.js';
import { IDLE_MS, MAX_AGE_MS } from './session-times.js';

/** Wrong keys and tickets that an address may try in a minute. */
const WRONG_ATTEMPTS = { points: 20, seconds: 60 };
/** A longer text is refused without being hashed. */
const MAX_KEY_CHARS = 512;
const MAX_AGENT_CHARS = 200;

/** A session that was just opened; its token is shown this once. */
export interface OpenedSession {
  id: string;
  token: string;
  role: 'admin' | 'client';
  keyId: string | null;
}

/** Exchanges a key or a ticket for a new session. A right key always passes, so that nobody behind its address can lock it out. */
@Injectable()
export class SessionOpener {
  private readonly attempts = new KeyAttempts(WRONG_ATTEMPTS);
  private readonly adminKey: Buffer | null;

  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyCache,
    private readonly sessions: SessionStore,
    private readonly credential: AdminCredential,
    @Inject(ENVIRONMENT) { ADMIN_KEY }: Environment,
  ) {
    this.adminKey = ADMIN_KEY === null ? null : digest(ADMIN_KEY);
  }

  /** @throws Problem 401 for a wrong key, 429 for an address that guesses; MjError where the key may not be used from there */
  async byKey(text: string, request: FastifyRequest): Promise<OpenedSession> {
    if (text.length > MAX_KEY_CHARS) throw wrongKey();
    if (this.adminKey !== null && timingSafeEqual(digest(text), this.adminKey)) {
      return this.create({ role: 'admin', apiKeyId: null, credential: this.admin() }, request);
    }
    const recalled = this.keys.recall(text);
    const key: KnownKey | null =
      recalled !== undefined ? await recalled : await this.attempt(request.ip, () => this.keys.find(text));
    if (key === null) throw wrongKey();
    if (key.addresses?.has(request.ip) === false) throw new MjError('address_not_allowed');
    return this.create({ role: 'client', apiKeyId: key.id, credential: key.keyHash }, request);
  }

  /** @throws Problem 401 for a ticket that is wrong, used or too old, 429 for an address that guesses */
  async byTicket(ticket: string, request: FastifyRequest): Promise<OpenedSession> {
    const opened = await this.attempt(request.ip, () => this.redeem(ticket, request));
    if (opened !== null) return opened;
    throw new Problem('sign_in_failed', 'This link was used already, or is older than ten minutes; make a new one');
  }

  private async redeem(ticket: string, request: FastifyRequest): Promise<OpenedSession | null> {
    if (this.credential.value === null || !isSessionSecret('ticket', ticket)) return null;
    const { token, row } = this.newSession(this.credential.value, request);
    const [made] = await this.database.run(REDEEM_TICKET, { ...row, ticketHash: hashOfSecret(ticket) });
    if (made === undefined) return null;
    this.sessions.trust(token);
    return { id: made.id, token, role: 'admin', keyId: made.api_key_id };
  }

  private async create(
    who: { role: 'admin' | 'client'; apiKeyId: string | null; credential: Buffer },
    request: FastifyRequest,
  ): Promise<OpenedSession> {
    const { token, row } = this.newSession(who.credential, request);
    const [made] = await this.database.run(CREATE_SESSION, { ...row, ...who });
    if (made === undefined) throw new Error('the session could not be stored');
    this.sessions.trust(token);
    return { id: made.id, token, role: who.role, keyId: who.apiKeyId };
  }

  private newSession(credential: Buffer, { ip, headers }: FastifyRequest): { token: string; row: NewSession } {
    const token = newSessionSecret('session');
    const userAgent = (headers['user-agent'] ?? '').slice(0, MAX_AGENT_CHARS);
    const times = { maxAgeMs: MAX_AGE_MS, idleMs: IDLE_MS };
    return { token, row: { tokenHash: hashOfSecret(token), credential, address: ip, userAgent, ...times } };
  }

  private async attempt<Found>(
    address: string,
    look: () => Found | null | Promise<Found | null>,
  ): Promise<Found | null> {
    const found = await this.attempts.try(address, look);
    if (found !== 'refused') return found;
    throw new Problem('too_many_requests', 'Too many wrong keys or links from this address', {
      retryAfter: this.attempts.retryAfter(address),
    });
  }

  private admin(): Buffer {
    if (this.credential.value === null) throw new Error('there is no ADMIN_KEY');
    return this.credential.value;
  }
}

function wrongKey(): Problem {
  return new Problem('sign_in_failed', 'This key is unknown or revoked');
}
