import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Database } from '#libs/database';
import type { AdminCall } from '../../admin/admin-call.js';
import { AdminAudit } from '../../admin/admin-audit.js';
import { MjError } from '../../http/errors/mj-error.js';
import { Problem, wrongField, wrongFields } from '../../http/errors/problem.js';
import { carriesKey } from '../../http/key-check/presented-key.js';
import { SessionCheck } from '../../http/key-check/session-check.js';
import { VERSION } from '../../version.js';
import type { ChangeSessionDto, SessionDto, SignInDto } from './session.dto.js';
import { hasStudioHeader } from './session-cookie.js';
import { SessionOpener, type OpenedSession } from './session-opener.js';
import { CHOOSE_KEY, REVOKE_SESSION } from './session-statements.js';
import { type KnownSession, SessionStore } from './session-store.js';

/** DI token of a boolean: whether admins may ask questions in SQL of their own. */
export const SQL_IS_ON = Symbol('sql is on');

/** Signing in to Studio, and out. */
@Injectable()
export class SessionService {
  constructor(
    private readonly database: Database,
    private readonly opener: SessionOpener,
    private readonly sessions: SessionStore,
    private readonly check: SessionCheck,
    private readonly audit: AdminAudit,
    @Inject(SQL_IS_ON) private readonly sqlIsOn: boolean,
  ) {}

  /**
   * Opens a session, always a new one: a token that somebody else has planted in the browser never becomes one. The session
   * that the browser had before ends.
   * @throws Problem 400, 401, 403 or 429; MjError where the key may not be used from there
   */
  async signIn(
    body: SignInDto,
    request: FastifyRequest,
    call: AdminCall,
  ): Promise<{ token: string; session: SessionDto }> {
    // Without it a foreign page could sign a browser in with a key of its own.
    if (!hasStudioHeader(request)) throw new MjError('studio_header_is_missing');
    const before = await this.sessionOf(request).catch(() => null);
    const opened = await this.open(body, request);
    if (before !== null) await this.end(before);
    if (opened.role === 'admin') {
      const by = body.ticket === undefined ? 'key' : 'link';
      await this.audit.after(call, { target: `session:${opened.id}`, detail: { by, keyId: opened.keyId } });
    }
    const session = await this.sessions.find(opened.token);
    if (session === null) throw new MjError('session_has_ended');
    return { token: opened.token, session: this.shown(session) };
  }

  /** @throws MjError where nobody is signed in, or the key may not be used from there */
  async current(request: FastifyRequest): Promise<SessionDto> {
    return this.shown(await this.sessionOf(request));
  }

  /** Ends the session of the request. @throws MjError where nobody is signed in */
  async signOut(request: FastifyRequest): Promise<void> {
    await this.end(await this.sessionOf(request));
  }

  /** Chooses the key that an admin acts for. @throws Problem for clients, and for a key that is unknown or revoked */
  async change({ keyId }: ChangeSessionDto, request: FastifyRequest, call: AdminCall): Promise<SessionDto> {
    const session = await this.sessionOf(request);
    if (session.role !== 'admin') throw new Problem('admin_session_is_needed', 'Only admins choose the key to act for');
    if (keyId === undefined) throw wrongField('keyId', 'must be given; null: none');
    const subject = { target: `session:${session.id}`, detail: { keyId } };
    await this.audit.within(call, subject, async (runner) => {
      const [changed] = await runner.run(CHOOSE_KEY, { id: session.id, apiKeyId: keyId });
      if (changed === undefined) throw wrongField('keyId', 'must be the id of a key that is not revoked');
    });
    this.sessions.forgetSession(session);
    return this.current(request);
  }

  private async open({ key, ticket }: SignInDto, request: FastifyRequest): Promise<OpenedSession> {
    if (key !== undefined && ticket === undefined) return this.opener.byKey(key, request);
    if (ticket !== undefined && key === undefined) return this.opener.byTicket(ticket, request);
    const message = 'either key or ticket must be given';
    throw wrongFields([
      { field: 'key', message },
      { field: 'ticket', message },
    ]);
  }

  private async sessionOf(request: FastifyRequest): Promise<KnownSession> {
    if (carriesKey(request.headers)) throw new MjError('session_has_ended');
    const { session, key } = await this.check.admit(request);
    if (session.role === 'client' && key?.addresses?.has(request.ip) === false)
      throw new MjError('address_not_allowed');
    return session;
  }

  private async end(session: KnownSession): Promise<void> {
    await this.database.run(REVOKE_SESSION, { id: session.id });
    this.sessions.forgetSession(session);
  }

  private shown({ role, apiKeyId, keyName, expiresAt }: KnownSession): SessionDto {
    return { role, keyId: apiKeyId, keyName, expiresAt, sql: role === 'admin' && this.sqlIsOn, version: VERSION };
  }
}
