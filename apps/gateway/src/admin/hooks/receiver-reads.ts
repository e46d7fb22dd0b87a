import { Injectable } from '@nestjs/common';
import { Database, statement } from '#libs/database';
import { ReadPermits } from '../../traffic/read-permits.js';
import { ListCursors, type Page } from '../list-cursor.js';
import { USUAL_PAGE } from '../list-query.dto.js';
import type { ReceiverDto, ReceiverQuery } from './receiver.dto.js';

const LIST = 'receivers';

interface ReceiverSearch {
  /** Hosts behind this one. */
  after: string;
  host: string | null;
  state: string | null;
  limit: number;
}

interface ReceiverRow {
  host: string;
  state: 'failing' | 'healthy';
  failures: number;
  failing_since: Date | null;
  pending: number;
  dead: number;
  delivered_24h: number;
  oldest_pending_at: Date | null;
  last_class: string | null;
  last_status: number | null;
  last_at: Date | null;
  last_ok_at: Date | null;
  next_at: Date | null;
}

/** Most hooks that are counted for one figure of a receiver. */
export const MOST_COUNTED = 10_000;

const counted = (condition: string): string => `
      select count(*)::int as n from (
        select from hook_delivery d where d.host = p.host and ${condition} limit ${MOST_COUNTED}) found`;

/**
 * Receivers by host, of all keys: hook_host knows those that ever failed, hook_delivery all. Hosts are found by one look-up
 * each in hook_of_host, and the figures of those on the page by look-ups in an index, so that a receiver with millions of
 * hooks costs no more than one with ten thousand. Hooks that wait are indexed by key and host, and there are few keys.
 */
const LIST_RECEIVERS = statement<ReceiverSearch, ReceiverRow>({
  name: 'admin_receiver_list',
  pool: 'http',
  text: `with recursive told as (
      (select host from hook_delivery where host > :after order by host limit 1)
      union all
      select (select d.host from hook_delivery d where d.host > t.host order by d.host limit 1) from told t
      where t.host is not null
    ), known as (
      select h.host, max(h.failures) as failures, min(h.failing_since) as failing_since, max(h.last_ok_at) as last_ok_at,
        min(h.probe_at) as probe_at
      from hook_host h where h.host > :after group by h.host
    ), receiver as (
      select host, coalesce(k.failures, 0) as failures, k.failing_since, k.last_ok_at, k.probe_at,
        case when k.failing_since is null then 'healthy' else 'failing' end as state
      from (select host from told where host is not null) t full join known k using (host)
    ), page as materialized (
      select * from receiver
      where (:host::text is null or host = :host or regexp_replace(host, ':[0-9]+$', '') = :host)
        and (:state::text is null or state = :state)
      order by host limit :limit
    )
    select p.host, p.state, p.failures, p.failing_since, p.last_ok_at, waits.pending, gone.n as dead,
      took.n as delivered_24h, waits.oldest_pending_at,
      coalesce(last.last_error, case when last.last_status between 200 and 299 then 'delivered' end) as last_class,
      last.last_status, last.sent_at as last_at,
      case when waits.pending > 0 then least(p.probe_at, waits.next_at) end as next_at
    from page p
    cross join lateral (
      select count(*)::int as pending, min(w.created_at) as oldest_pending_at, min(w.next_at) as next_at from (
        select d.created_at, d.next_at from hook_delivery d
        where d.api_key_id = any (array(select id from api_key)) and d.host = p.host and d.state = 'waiting'
        limit ${MOST_COUNTED}) w) waits
    cross join lateral (${counted(`d.state = 'dead'`)}) gone
    cross join lateral (${counted(`d.state = 'delivered' and d.terminal
          and d.created_at > now() - interval '3 days' and d.delivered_at > now() - interval '24 hours'`)}) took
    left join lateral (
      select d.last_error, d.last_status, d.sent_at from hook_delivery d
      where d.host = p.host and d.sent_at is not null order by d.created_at desc limit 1) last on true
    order by p.host`,
});

/** Reads how receivers of hooks stand. */
@Injectable()
export class ReceiverReads {
  constructor(
    private readonly database: Database,
    private readonly cursors: ListCursors,
    private readonly permits: ReadPermits,
  ) {}

  /** By host. @throws Problem for a wrong cursor */
  async page(
    { limit = USUAL_PAGE, cursor, host, state }: ReceiverQuery,
    signal: AbortSignal,
  ): Promise<Page<ReceiverDto>> {
    const [after = ''] = this.cursors.read(LIST, cursor) ?? [];
    const search: ReceiverSearch = {
      after,
      host: host?.toLowerCase() ?? null,
      state: state ?? null,
      limit: limit + 1,
    };
    const rows = await this.permits.search(() => this.database.run(LIST_RECEIVERS, search, signal));
    const page = this.cursors.page(LIST, rows, limit, (row) => [row.host]);
    return { items: page.items.map(toReceiver), nextCursor: page.nextCursor };
  }
}

function toReceiver(row: ReceiverRow): ReceiverDto {
  return {
    host: row.host,
    state: row.state,
    failures: row.failures,
    failingSince: row.failing_since,
    pending: row.pending,
    dead: row.dead,
    delivered24h: row.delivered_24h,
    oldestPendingAt: row.oldest_pending_at,
    lastClass: row.last_class,
    lastStatus: row.last_status,
    lastAt: row.last_at,
    lastOkAt: row.last_ok_at,
    nextAt: row.next_at,
  };
}
