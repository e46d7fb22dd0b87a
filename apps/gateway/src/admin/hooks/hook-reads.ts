import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HookAttempt, HookDelivery, shownHook } from '#libs/hooks';
import { ReadPermits } from '../../traffic/read-permits.js';
import { ListCursors, type Page } from '../list-cursor.js';
import { USUAL_PAGE } from '../list-query.dto.js';
import type { HookAttemptDto, HookDossierDto, HookDto, HookQuery } from './admin-hook.dto.js';

const LIST = 'hooks';
const MOST_ATTEMPTS = 200;
/** Columns of a list; without the payload, which may have a hundred kilobytes. */
const SHOWN = [
  'taskId',
  'apiKeyId',
  'url',
  'host',
  'state',
  'terminal',
  'seq',
  'toldSeq',
  'attempts',
  'nextAt',
  'sentAt',
  'lastStatus',
  'lastError',
  'lastMs',
  'createdAt',
  'deliveredAt',
] as const satisfies readonly (keyof HookDelivery)[];

/** Reads deliveries of hooks for operators. */
@Injectable()
export class HookReads {
  constructor(
    private readonly source: DataSource,
    private readonly cursors: ListCursors,
    private readonly permits: ReadPermits,
  ) {}

  /** Newest first. @throws Problem for a wrong cursor */
  async page({ limit = USUAL_PAGE, cursor, state, host, keyId, taskId }: HookQuery): Promise<Page<HookDto>> {
    const after = this.cursors.read(LIST, cursor);
    // The cursor holds microseconds: a Date would drop the last three digits, and the next page would skip rows.
    const found = this.source
      .getRepository(HookDelivery)
      .createQueryBuilder('hook')
      .select(SHOWN.map((column) => `hook.${column}`))
      .addSelect('(extract(epoch from hook.created_at) * 1000000)::bigint::text', 'made_us');
    if (after !== null) {
      const made = `'epoch'::timestamptz + :us::bigint * interval '1 microsecond'`;
      found.andWhere(`(hook.createdAt, hook.taskId) < (${made}, :id::bigint)`, { us: after[0], id: after[1] });
    }
    if (state !== undefined) found.andWhere('hook.state = :state', { state });
    if (host !== undefined) {
      found.andWhere(`(hook.host = :host or regexp_replace(hook.host, ':[0-9]+$', '') = :host)`, {
        host: host.toLowerCase(),
      });
    }
    if (keyId !== undefined) found.andWhere('hook.apiKeyId = :keyId', { keyId });
    if (taskId !== undefined) found.andWhere('hook.taskId = :taskId', { taskId });
    found
      .orderBy('hook.createdAt', 'DESC')
      .addOrderBy('hook.taskId', 'DESC')
      .limit(limit + 1);
    const { entities, raw } = await this.permits.search(() => found.getRawAndEntities<{ made_us: string }>());
    const rows = entities.map((hook, at) => ({ hook, us: raw[at]?.made_us ?? '' }));
    const page = this.cursors.page(LIST, rows, limit, ({ hook, us }) => [us, hook.taskId]);
    return { items: page.items.map(({ hook }) => toHook(hook)), nextCursor: page.nextCursor };
  }

  /** Null: the task has none. @param taskId digits */
  async find(taskId: string): Promise<HookDossierDto | null> {
    const hook = await this.source.getRepository(HookDelivery).findOneBy({ taskId });
    if (hook === null) return null;
    const attempts = await this.source
      .getRepository(HookAttempt)
      .find({ where: { taskId }, order: { id: 'DESC' }, take: MOST_ATTEMPTS });
    return { ...toHook(hook), payload: hook.payload, attempts: attempts.reverse().map(toAttempt) };
  }
}

function toHook(hook: Pick<HookDelivery, (typeof SHOWN)[number]>): HookDto {
  return {
    id: hook.taskId,
    taskId: hook.taskId,
    keyId: hook.apiKeyId,
    url: shownHook(hook.url),
    host: hook.host,
    state: hook.state,
    terminal: hook.terminal,
    seq: hook.seq,
    toldSeq: hook.toldSeq,
    tries: hook.attempts,
    nextAt: hook.nextAt,
    sentAt: hook.sentAt,
    lastStatus: hook.lastStatus,
    lastError: hook.lastError,
    lastMs: hook.lastMs,
    createdAt: hook.createdAt,
    deliveredAt: hook.deliveredAt,
  };
}

function toAttempt({ id, at, seq, attempt, status, ms, class: outcome, answer }: HookAttempt): HookAttemptDto {
  return { id, at, seq, attempt, status, ms, class: outcome, answer };
}
