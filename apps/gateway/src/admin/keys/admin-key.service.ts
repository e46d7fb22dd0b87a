import { Injectable } from '@nestjs/common';
import { BalanceRangeError, ApiKeyAdmin, type KeyRecord, type KeyTerms } from '#libs/access';
import { Database } from '#libs/database';
import { HookUrls, shownHook, WebhookSecrets } from '#libs/hooks';
import { Problem, wrongField } from '../../http/errors/problem.js';
import { AdminAudit } from '../admin-audit.js';
import type { AdminCall } from '../admin-call.js';
import { ListCursors, type Page } from '../list-cursor.js';
import { USUAL_PAGE } from '../list-query.dto.js';
import type { CreatedKeyDto, MovedCreditsDto, RotatedSecretDto } from './admin-key.dto.js';
import type { CreateKeyDto, KeyQuery, MoveCreditsDto, PatchKeyDto } from './key-terms.dto.js';

const LIST = 'keys';
/** How long an old webhook secret signs together with the new one. */
const GRACE_MS = 86_400_000;
const NO_ROOM = 'a balance has at most 12 digits before the point';

/** Management of API keys. */
@Injectable()
export class AdminKeyService {
  constructor(
    private readonly keys: ApiKeyAdmin,
    private readonly webhooks: WebhookSecrets,
    private readonly audit: AdminAudit,
    private readonly cursors: ListCursors,
    private readonly hookUrls: HookUrls,
    private readonly database: Database,
  ) {}

  /** Newest first. @throws Problem for a wrong cursor */
  async page({ limit = USUAL_PAGE, cursor, q, status }: KeyQuery): Promise<Page<KeyRecord>> {
    const after = this.cursors.read(LIST, cursor);
    const { items } = await this.keys.list({
      before: after?.[0] ?? null,
      limit: limit + 1,
      q: q ?? null,
      status: status ?? null,
    });
    return this.cursors.page(LIST, items.map(toShow), limit, ({ id }) => [id]);
  }

  /** @throws Problem `not_found` */
  async find(id: string): Promise<KeyRecord> {
    return toShow(known(await this.keys.find(keyId(id))));
  }

  /** The key and its webhook secret are in the answer, and never again. @throws Problem for terms that cannot be */
  async create(terms: CreateKeyDto, call: AdminCall): Promise<CreatedKeyDto> {
    const { key, plain } = await this.keys.create(this.checked(terms));
    await this.audit.after(call, { target: `key:${key.id}`, detail: shown(terms) });
    return { ...toShow(key), key: plain, webhookSecret: await this.webhooks.create(key.id) };
  }

  /** @throws Problem `not_found`, 409 where what the ledger says is no balance, or for terms that cannot be */
  async change(id: string, patch: PatchKeyDto, call: AdminCall): Promise<KeyRecord> {
    const key = known(await this.keys.change(keyId(id), this.checked(patch)).catch(outOfRange));
    await this.audit.after(call, { target: `key:${key.id}`, detail: shown(patch) });
    return toShow(key);
  }

  /** For good. @throws Problem `not_found` */
  async revoke(id: string, call: AdminCall): Promise<KeyRecord> {
    const key = known(await this.keys.revoke(keyId(id)));
    await this.audit.after(call, { target: `key:${key.id}`, detail: {} });
    return toShow(key);
  }

  /** @throws Problem 404, 409 when it takes more than is left, or the balance would not fit */
  async moveCredits(id: string, { amount, note }: MoveCreditsDto, call: AdminCall): Promise<MovedCreditsDto> {
    const moved = await this.keys.moveCredits(keyId(id), amount, note);
    switch (moved.kind) {
      case 'moved':
        await this.audit.after(call, { target: `key:${id}`, detail: { amount, note } });
        return { ...moved.entry, balance: moved.balance };
      case 'refused':
        throw new Problem('state_forbids', `The key has ${moved.balance} left`);
      case 'past_range':
        throw new Problem('state_forbids', `The key has ${moved.balance}: ${NO_ROOM}`);
      case 'unknown_key':
        throw new Problem('not_found', 'No such key');
    }
  }

  /** @throws Problem `not_found` */
  async rotateSecret(id: string, call: AdminCall): Promise<RotatedSecretDto> {
    const { id: apiKeyId } = await this.find(id);
    const webhookSecret = await this.webhooks.rotate(apiKeyId);
    await this.audit.after(call, { target: `key:${apiKeyId}`, detail: {} });
    return { webhookSecret, oldSignsUntil: new Date(this.database.now().getTime() + GRACE_MS) };
  }

  /** The terms as they are kept. @throws Problem for terms that cannot be */
  private checked<T extends Partial<KeyTerms>>(terms: T): T {
    const { notifyHook, modes, defaultMode } = terms;
    if (modes && defaultMode && !modes.includes(defaultMode)) {
      throw wrongField('defaultMode', 'must be one of modes');
    }
    if (typeof notifyHook !== 'string') return terms;
    const read = this.hookUrls.read(notifyHook);
    if (read.kind === 'refused') {
      throw wrongField('notifyHook', 'must be an http or https URL that may be called; see EGRESS_ALLOW');
    }
    return { ...terms, notifyHook: read.kind === 'ok' ? read.url : null };
  }
}

/** A key as operators see it: without the login of its hook. */
function toShow(key: KeyRecord): KeyRecord {
  return { ...key, notifyHook: key.notifyHook === null ? null : shownHook(key.notifyHook) };
}

/** The request as the audit log may show it: URLs of receivers may carry secrets, in their query too. */
function shown(terms: Partial<KeyTerms>): object {
  const { notifyHook, ...rest } = terms;
  if (notifyHook === undefined) return terms;
  return { ...rest, notifyHook: notifyHook === null ? null : shownHook(notifyHook.trim()).split(/[?#]/, 1)[0] };
}

function outOfRange(error: unknown): never {
  throw error instanceof BalanceRangeError
    ? new Problem('state_forbids', `Its ledger is past this: ${NO_ROOM}`)
    : error;
}

function keyId(id: string): string {
  if (!/^\d{1,18}$/.test(id)) throw new Problem('not_found', 'No such key');
  return id;
}

function known(key: KeyRecord | null): KeyRecord {
  if (key === null) throw new Problem('not_found', 'No such key');
  return key;
}
