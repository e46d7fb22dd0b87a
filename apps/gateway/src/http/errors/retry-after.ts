/** Seconds after which a client may try again (`Retry-After`), by what its request needed and did not get. */
export const RETRY_AFTER = {
  /** Postgres is away, or was too slow. */
  database: 2,
  /** A permit for reads. */
  permit: 1,
  /** A row that somebody else was changing. */
  row: 1,
  /** A free converter, or a place for a download. */
  pictures: 2,
  /** An upstream that its operator has to bring back. */
  upstream: 10,
  /** A place in the queue. */
  queue: 10,
  /** A limit of the key on tasks at once. */
  keyLimit: 5,
} as const;
