/** What one query may take. */
export const SQL_LIMITS = {
  /** Rows of an answer. */
  rows: 1_000,
  /** Rows that are fetched at a time. */
  batchRows: 100,
  /** Characters of all cells together; the row that reaches it is the last. */
  characters: 2_000_000,
  /** Bytes of one batch on the wire. Beyond, the connection is cut: the driver would keep all of a row of a gigabyte. */
  batchBytes: 16_000_000,
  /** Longest statement, ms. A query can set it away for its own later batches, */
  statementMs: 20_000,
  /** but not this: after it the query is cancelled, */
  deadlineMs: 25_000,
  /** and when it has not ended so long after that, its connection is cut. */
  cancelMs: 3_000,
  /** Characters of a query. */
  textCharacters: 100_000,
} as const;

/** Queries under way and waiting. */
export interface SqlPermits {
  /** Under way in one replica. */
  total: number;
  /** Of them for one session. */
  perKey: number;
  /** Of one session that wait. */
  waitersPerKey: number;
  /** Longest wait, ms. */
  waitMs: number;
}

/** Free SQL: 2 under way, of which one session has both where nobody else asks. */
export const FREE_SQL_PERMITS: SqlPermits = { total: 2, perKey: 2, waitersPerKey: 4, waitMs: 10_000 };
/** Questions: a page asks a dozen at once, and several pages are open. */
export const QUESTION_PERMITS: SqlPermits = { total: 3, perKey: 3, waitersPerKey: 40, waitMs: 15_000 };
