import { Logger } from '@nestjs/common';
import { logFailure, statement, type Database, type NoParameters } from '#libs/database';
import type { JobScheduler } from '#libs/runtime';

const EXCHANGE_MS = 1_000;
const MINUTE_MS = 60_000;
const SWEEP_EVERY = 60;

/** The counts of one replica since its last exchange, as arrays of equal length. */
interface OwnCounts {
  keyIds: string[];
  minutes: Date[];
  reads: number[];
}

/** Adds the counts of this replica, and gives those of all replicas together. */
const EXCHANGE = statement<OwnCounts, { api_key_id: string; used: number }>({
  name: 'read_count_exchange',
  pool: 'work',
  text: `insert into read_count as r (api_key_id, minute, used)
    select key, minute, used from unnest(:keyIds::bigint[], :minutes::timestamptz[], :reads::int[]) as mine (key, minute, used)
    order by key, minute
    on conflict (api_key_id, minute) do update set used = r.used + excluded.used
    returning api_key_id, minute, used`,
});

const SWEEP = statement<NoParameters, object>({
  name: 'read_count_sweep',
  pool: 'work',
  text: `with old as (select api_key_id, minute from read_count where minute < now() - interval '5 minutes'
      order by 1, 2 limit 10000 for update skip locked)
    delete from read_count r using old where r.api_key_id = old.api_key_id and r.minute = old.minute`,
});

interface Count {
  /** ms, start of the UTC minute. */
  minute: number;
  /** The count of all replicas together at the last exchange. */
  known: number;
  /** Reads counted here since that exchange began. */
  fresh: number;
  /** Reads that an exchange under way is adding. */
  sent: number;
}

/** What is left of a key's reads in this minute. */
export interface ReadsLeft {
  limit: number;
  remaining: number;
  /** Seconds until the minute ends, at least 1. */
  seconds: number;
}

/**
 * Rate limit of requests other than submits, by key and UTC minute. Counts are kept in memory and exchanged with the other
 * replicas once a second, in one statement. So several replicas together may let more pass than the limit: what they count
 * within one second.
 */
export class ReadMeter {
  private readonly log = new Logger(ReadMeter.name);
  private readonly counts = new Map<string, Count>();
  private exchanges = 0;

  /** @param limit most reads of a key in a minute; 0: reads are neither counted nor limited */
  constructor(
    scheduler: Pick<JobScheduler, 'add'>,
    private readonly database: Pick<Database, 'run' | 'now'>,
    private readonly limit: number,
  ) {
    scheduler.add({ name: ReadMeter.name, everyMs: EXCHANGE_MS, work: () => this.exchange() });
  }

  /** Counts a read. False: the limit is reached, so the read is refused and not counted. */
  take(apiKeyId: string): boolean {
    if (this.limit === 0) return true;
    const count = this.current(apiKeyId) ?? this.begin(apiKeyId);
    if (usedOf(count) >= this.limit) return false;
    count.fresh += 1;
    return true;
  }

  /** Null where reads are not limited. */
  left(apiKeyId: string): ReadsLeft | null {
    if (this.limit === 0) return null;
    const now = this.database.now().getTime();
    const count = this.current(apiKeyId);
    return {
      limit: this.limit,
      remaining: Math.max(0, this.limit - (count === undefined ? 0 : usedOf(count))),
      seconds: Math.max(1, Math.ceil((minuteOf(now) + MINUTE_MS - now) / 1_000)),
    };
  }

  /**
   * Adds the counts of this replica and reads those of all. Never throws: counts that could not be added go with the next
   * exchange.
   */
  async exchange(): Promise<void> {
    const minute = minuteOf(this.database.now().getTime());
    for (const [key, count] of this.counts) if (count.minute !== minute) this.counts.delete(key);
    const mine = [...this.counts].filter(([, { fresh }]) => fresh > 0);
    if (mine.length === 0) return;
    for (const [, count] of mine) {
      count.sent = count.fresh;
      count.fresh = 0;
    }
    try {
      const at = new Date(minute);
      const rows = await this.database.run(EXCHANGE, {
        keyIds: mine.map(([key]) => key),
        minutes: mine.map(() => at),
        reads: mine.map(([, { sent }]) => sent),
      });
      const totals = new Map(rows.map((row) => [row.api_key_id, row.used]));
      for (const [key, count] of mine) {
        count.known = totals.get(key) ?? count.known + count.sent;
        count.sent = 0;
      }
      this.exchanges += 1;
      if (this.exchanges % SWEEP_EVERY === 0) await this.database.run(SWEEP);
    } catch (error) {
      for (const [, count] of mine) {
        count.fresh += count.sent;
        count.sent = 0;
      }
      logFailure(this.log, 'reads could not be counted together', error);
    }
  }

  private current(apiKeyId: string): Count | undefined {
    const count = this.counts.get(apiKeyId);
    return count?.minute === minuteOf(this.database.now().getTime()) ? count : undefined;
  }

  private begin(apiKeyId: string): Count {
    const count = { minute: minuteOf(this.database.now().getTime()), known: 0, fresh: 0, sent: 0 };
    this.counts.set(apiKeyId, count);
    return count;
  }
}

function minuteOf(ms: number): number {
  return ms - (ms % MINUTE_MS);
}

function usedOf({ known, fresh, sent }: Count): number {
  return known + fresh + sent;
}
