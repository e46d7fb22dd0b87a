/** What a client was told of one request, after all its tries with one Idempotency-Key. */
export interface ClientRecord {
  /** Number of the request; its prompt carries it. */
  request: number;
  /** The task it was promised; null: it never got an answer that names one. */
  taskId: string | null;
  tries: number;
  /** From its first try to its answer, ms. */
  ms: number;
  /** The last thing it heard when there is no task. */
  last: string;
}

/** One hook that a receiver took with 2xx. */
export interface Arrival {
  taskId: string;
  seq: number;
  webhookId: string;
  terminal: boolean;
  isSigned: boolean;
  receiver: string;
  /** What it says of an upstream that clients are not to see; null: nothing. */
  leak: string | null;
  /** ms since the epoch. */
  at: number;
}

/** A row of `task`, as far as the invariants look at it. */
export interface TaskRow {
  id: string;
  action: string;
  status: string;
  prompt: string;
  failCode: string | null;
  refused: boolean;
  upstreamTaskId: string | null;
  /** How often it was sent again, its upstream proven not to have taken it. */
  resends: number;
  /** Its ids at the upstream before that, of sends that failed there and were tried again. */
  failedIds: readonly string[];
  price: number;
  cost: number;
  hasHook: boolean;
  /** ms since the epoch; null: it has not ended. */
  finishedAt: number | null;
  /** The kind of the upstream that it was sent to last; null: to none. */
  upstreamKind: string | null;
  /** Its events, for reading; null after a success. */
  timeline: readonly string[] | null;
}

/** A task as the upstream took it in. */
export interface UpstreamRecord {
  id: string;
  /** Of the upstream. */
  kind: string;
  mark: string;
  prompt: string;
}

/** A process that ended in a way that nobody asked for. */
export interface UnexpectedExit {
  process: string;
  how: string;
  output: string;
}

/** All that is known of a run once everything was let settle. */
export interface History {
  clients: readonly ClientRecord[];
  rows: readonly TaskRow[];
  /** Submits that reached the upstream, by mark. */
  submits: ReadonlyMap<string, number>;
  upstreamTasks: readonly UpstreamRecord[];
  /** In the order they came. */
  arrivals: readonly Arrival[];
  exits: readonly UnexpectedExit[];
  /** Rules between the tables that are broken, with the rows that break them. */
  audit: Readonly<Record<string, readonly object[]>>;
  /** Version of the database. */
  postgres: string;
}
