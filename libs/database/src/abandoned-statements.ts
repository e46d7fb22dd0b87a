import type pg from 'pg';

/** Cancellations under way at a time; what is abandoned beside them runs on to its end, or its time limit. */
const MOST_AT_ONCE = 4;
const CANCEL = 'select pg_cancel_backend($1)';

/** Its number at Postgres, which the driver's types do not name. */
type Backend = pg.PoolClient & { readonly processID?: number | null };

/** Has Postgres end statements that nobody waits for any more: their clients have left. */
export class AbandonedStatements {
  private underWay = 0;

  /** @param pool whose connections are not those that are held by what is abandoned */
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Does `work`, which is one statement on this connection, and has it cancelled when the signal is aborted. Resolves when no
   * cancellation is under way any more: one that came late would end somebody else's statement.
   */
  async watch<T>(client: Backend, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const cancelling: Promise<void>[] = [];
    const onAbort = (): void => void cancelling.push(this.cancel(client.processID ?? null));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await work();
    } finally {
      signal.removeEventListener('abort', onAbort);
      await Promise.all(cancelling);
    }
  }

  /** Never rejects: a statement that cannot be cancelled has its time limit. */
  private async cancel(backend: number | null): Promise<void> {
    if (backend === null || this.underWay >= MOST_AT_ONCE) return;
    this.underWay += 1;
    try {
      await this.pool.query(CANCEL, [backend]);
    } catch {
      // The database is away, and the statement with it.
    } finally {
      this.underWay -= 1;
    }
  }
}
