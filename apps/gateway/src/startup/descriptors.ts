import type { Environment } from '../config/environment.js';

/**
 * Descriptors that are reserved, whatever clients do: the process itself, Postgres (both pools, TypeORM's, and one that
 * migrates), converters, downloads of pictures with their files.
 */
const RESERVED = { process: 48, postgres: 32, converters: 16, pictures: 56 } as const;
const ALL_RESERVED = Object.values(RESERVED).reduce((sum, count) => sum + count, 0);
/** Of all descriptors; 32 at least. */
const UPSTREAM_PART = 1 / 8;
const FEWEST_UPSTREAM_CALLS = 32;
/** With fewer than these no connection is kept for the next call: idle ones to many hosts would be more than all calls. */
const ENOUGH_TO_KEEP = 512;
/** Parts of the free descriptors: a download needs a file besides its connection. */
const PARTS = { hooks: 2 / 9, downloads: 2 / 9, connections: 5 / 9 } as const;

/** The environment, adjusted to the descriptors that this process may have. */
export interface Fitted {
  environment: Environment;
  /** The reduced settings, for the log; null: none was reduced. */
  warning: string | null;
}

/**
 * Limits connections of clients and of hooks to the descriptors that are not reserved, so that many of them cannot take the
 * connections of Postgres: where descriptors are few, these are opened at start and held.
 * @param limit at least FEWEST_DESCRIPTORS; null: nobody knows
 */
export function fitDescriptors(environment: Environment, limit: number | null): Fitted {
  if (limit === null) return { environment, warning: null };
  const upstreamCalls = Math.max(FEWEST_UPSTREAM_CALLS, Math.floor(limit * UPSTREAM_PART));
  const free = limit - ALL_RESERVED - upstreamCalls;
  const most = (part: number, wanted: number): number => Math.min(wanted, Math.floor(free * part));
  const fitted = {
    ...environment,
    HOOK_CONCURRENCY: most(PARTS.hooks, environment.HOOK_CONCURRENCY),
    MAX_DOWNLOADS: most(PARTS.downloads, environment.MAX_DOWNLOADS),
    MAX_CONNECTIONS: most(PARTS.connections, environment.MAX_CONNECTIONS),
    UPSTREAM_CALLS: Math.min(upstreamCalls, environment.UPSTREAM_CALLS),
    KEEP_CONNECTIONS: environment.KEEP_CONNECTIONS && limit >= ENOUGH_TO_KEEP,
  };
  const isTight =
    fitted.HOOK_CONCURRENCY < environment.HOOK_CONCURRENCY || fitted.MAX_DOWNLOADS < environment.MAX_DOWNLOADS;
  const { MAX_CONNECTIONS, MAX_DOWNLOADS, HOOK_CONCURRENCY } = fitted;
  return {
    environment: { ...fitted, HOLD_DATABASE: isTight },
    warning: isTight
      ? `only ${limit} descriptors (ulimit -n): at most ${MAX_CONNECTIONS} connections of clients, ${MAX_DOWNLOADS} downloads ` +
        `and ${HOOK_CONCURRENCY} hooks at once; the connections to Postgres are held. Raise it, 65536 are good`
      : null,
  };
}
