import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Database } from '#libs/database';
import { AdminAudit } from '../../admin/admin-audit.js';
import type { AdminCall } from '../../admin/admin-call.js';
import { ListCursors, type Page } from '../../admin/list-cursor.js';
import { USUAL_PAGE } from '../../admin/list-query.dto.js';
import { Problem, wrongField } from '../../http/errors/problem.js';
import { AdminCredential } from './admin-credential.js';
import type { CreateTicketDto, ListedSessionDto, SessionQuery, TicketDto } from './session.dto.js';
import { hashOfSecret, newSessionSecret } from './session-secret.js';
import { CREATE_TICKET, LIST_SESSIONS, REVOKE_SESSION } from './session-statements.js';
import { readKnownSession, SessionStore, type KnownSession } from './session-store.js';
import { TICKET_MS } from './session-times.js';

const LIST = 'sessions';

type Asker = Pick<FastifyRequest, 'studioSession' | 'linkBase'>;

/** Sessions of Studio as admins manage them, and links that sign somebody in. */
@Injectable()
export class AdminSessionService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionStore,
    private readonly credential: AdminCredential,
    private readonly audit: AdminAudit,
    private readonly cursors: ListCursors,
  ) {}

  /** Newest first, ended ones for a week. @throws Problem for a wrong cursor */
  async page({ limit = USUAL_PAGE, cursor }: SessionQuery, asker: Asker): Promise<Page<ListedSessionDto>> {
    const after = this.cursors.read(LIST, cursor);
    const rows = await this.database.run(LIST_SESSIONS, { before: after?.[0] ?? null, limit: limit + 1 });
    const listed = rows.map(readKnownSession).map((session) => shown(session, asker));
    return this.cursors.page(LIST, listed, limit, ({ id }) => [id]);
  }

  /** Ends a session for good; other replicas refuse it within 10 s. @throws Problem `not_found` */
  async revoke(id: string, asker: Asker, call: AdminCall): Promise<ListedSessionDto> {
    const session = await this.audit.within(call, { target: `session:${id}`, detail: {} }, async (runner) => {
      const [row] = /^\d{1,18}$/.test(id) ? await runner.run(REVOKE_SESSION, { id }) : [];
      if (row === undefined) throw new Problem('not_found', 'No such session');
      return readKnownSession(row);
    });
    this.sessions.forgetSession(session);
    return shown(session, asker);
  }

  /**
   * Makes a link that signs somebody in as admin, once, within ten minutes. It takes ADMIN_KEY itself: by links a stolen session
   * could go on for ever.
   * @throws Problem 403 for a session, 400 for a key that is unknown or revoked
   */
  async createTicket({ keyId = null }: CreateTicketDto, asker: Asker, call: AdminCall): Promise<TicketDto> {
    const { value: credential } = this.credential;
    if (asker.studioSession !== null || credential === null) {
      throw new Problem('admin_key_is_needed', 'Links are made with ADMIN_KEY itself: npm run admin -- studio-link');
    }
    const ticket = newSessionSecret('ticket');
    const row = { tokenHash: hashOfSecret(ticket), apiKeyId: keyId, credential, maxAgeMs: TICKET_MS };
    const subject = { target: 'studio-ticket', detail: { keyId } };
    const expiresAt = await this.audit.within(call, subject, async (runner) => {
      const [made] = await runner.run(CREATE_TICKET, row);
      if (made === undefined) throw wrongField('keyId', 'must be the id of a key that is not revoked');
      return made.expires_at;
    });
    // In the fragment, which no browser sends: neither logs nor proxies see the ticket.
    return { url: `${asker.linkBase}/studio#ticket=${ticket}`, expiresAt };
  }
}

function shown(session: KnownSession, { studioSession }: Asker): ListedSessionDto {
  const { id, role, apiKeyId, keyName, address, userAgent, createdAt, lastUsedAt, endsAt, revokedAt } = session;
  const isCurrent = id === studioSession?.id;
  return {
    id,
    role,
    keyId: apiKeyId,
    keyName,
    address,
    userAgent,
    createdAt,
    lastUsedAt,
    endsAt,
    revokedAt,
    isCurrent,
  };
}
