/** How Postgres is. */
export class DatabaseHealth {
  /** Whether it answered in 3 s. */
  isUp!: boolean;
  /**
   * How long it took, or was waited for, ms.
   * @example 2
   */
  ms!: number;
}

/** How the picture store is. */
export class StoreHealth {
  /** False: it must not be used, and this replica is not ready. */
  isUp!: boolean;
  /**
   * What is wrong; null: nothing. A store that can only not be written to is up: pictures are passed on from where they
   * come meanwhile.
   * @example null
   */
  problem!: string | null;
}

/** How an upstream is. */
export class UpstreamHealth {
  /** @example 'default' */
  name!: string;
  /** @example 'midjourney-proxy' */
  kind!: string;
  /** False: switched off, it gets no new work. */
  enabled!: boolean;
  /** Open: it gets no calls. Half-open: one call decides. */
  circuit!: 'closed' | 'open' | 'half-open';
  /**
   * Slots that tasks hold.
   * @example 3
   */
  running!: number;
  /** @example 12 */
  maxConcurrent!: number;
}

/** Work that is open. */
export class BacklogHealth {
  /**
   * Tasks that wait for a free upstream.
   * @example 0
   */
  waiting!: number;
  /**
   * Submits whose outcome is being looked up.
   * @example 0
   */
  unknown!: number;
  /**
   * Hooks that are still to be delivered.
   * @example 0
   */
  hooks!: number;
  /**
   * How overdue the most overdue hook of an ended task is, s.
   * @example 0
   */
  hooksOldestSeconds!: number;
  /**
   * How overdue the most overdue poll is, s.
   * @example 0
   */
  pollLagSeconds!: number;
}

/** How this replica is, and what it sees of the rest. */
export class HealthDetails {
  /** The same as of /health/ready. */
  status!: 'ok' | 'unavailable';
  /** @example '1.0.0' */
  version!: string;
  /**
   * Since this process began, s.
   * @example 3600
   */
  uptimeSeconds!: number;
  /** api serves requests, worker polls and calls hooks, all does both. */
  role!: 'all' | 'api' | 'worker';
  /** True: it is on its way out. */
  isDraining!: boolean;
  database!: DatabaseHealth;
  pictureStore!: StoreHealth;
  /** Null while Postgres does not answer. */
  upstreams!: UpstreamHealth[] | null;
  /** Of all replicas together; null while Postgres does not answer. */
  backlog!: BacklogHealth | null;
}
