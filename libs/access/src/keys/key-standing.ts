import { statement, type Database, type TypedStatement } from '#libs/database';
import type { TaskUsage } from './api-key-statements.js';

/** What a key has left and under way at this moment, and the limits of its account; null: no limit. */
export interface KeyStanding {
  /** Credits that are left, decimal string. */
  credits: string | null;
  /** Unfinished tasks: waiting ones count, windows that wait for their client do not. */
  running: number;
  /** Most unfinished tasks at once. */
  maxConcurrent: number | null;
  /** Most waiting tasks; null: QUEUE_LIMIT. */
  queueLimit: number | null;
  /** Most submits in a minute. */
  requestsPerMinute: number | null;
}

/**
 * The account of a key without its ledger, which may have millions of lines: the balance is kept where it is limited. The
 * tasks are counted only of a key without limits, along the index of unfinished ones.
 */
const readStanding = (usage: TaskUsage): TypedStatement<{ keyId: string }, KeyStanding> =>
  statement({
    name: 'key_standing',
    pool: 'http',
    text: `
    select case when a.has_credit_limit then a.balance end as credits,
      case when a.is_limited then a.running
        else (select load.running from (${usage.unfinished('a.api_key_id')}) load) end as running,
      a.max_concurrent as "maxConcurrent", a.queue_limit as "queueLimit", a.requests_per_minute as "requestsPerMinute"
    from account a where a.api_key_id = :keyId`,
  });

/** Reads how keys stand: for their owners, who ask often. */
export class KeyStandings {
  private readonly standing: ReturnType<typeof readStanding>;

  constructor(
    private readonly database: Database,
    usage: TaskUsage,
  ) {
    this.standing = readStanding(usage);
  }

  /** @throws DatabaseUnavailableError */
  async of(keyId: string): Promise<KeyStanding> {
    const [row] = await this.database.run(this.standing, { keyId });
    if (row === undefined) throw new Error(`key ${keyId} has no account`);
    return row;
  }
}
