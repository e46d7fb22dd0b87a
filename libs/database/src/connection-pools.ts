import type { Logger } from '@nestjs/common';
import type { MonotonicClock } from '#libs/runtime';
import pg from 'pg';
import { classOf } from './database-error.js';
import type { PoolName } from './statement.js';
import { ROW_TYPES } from './timestamp.js';

export interface DatabaseOptions {
  /** `postgres://…` */
  url: string;
  /** Connections for HTTP and for background work. */
  connections: { http: number; work: number };
  /** Longest a statement may run, in ms. */
  statementTimeoutMs: number;
  /** True: connections are opened at the start, all that there may be, and held: descriptors may be short later. */
  holdsConnections?: boolean;
  /** This process' own unless given. */
  monotonic?: MonotonicClock;
}

/** How long a request waits for a free connection before it is told that the database is not available. */
const CONNECT_WAIT_MS = 2_000;

/** The two pools. They open their connections as they need them. */
export function openPools(options: DatabaseOptions, log: Logger): Record<PoolName, pg.Pool> {
  const { http, work } = options.connections;
  return { http: openPool(options, http, 'http', log), work: openPool(options, work, 'work', log) };
}

function openPool(options: DatabaseOptions, max: number, name: PoolName, log: Logger): pg.Pool {
  const made = new pg.Pool({
    connectionString: options.url,
    max,
    min: options.holdsConnections === true ? max : 0,
    types: ROW_TYPES,
    connectionTimeoutMillis: CONNECT_WAIT_MS,
    statement_timeout: options.statementTimeoutMs,
    // Plans are kept for the life of a connection, and one made while a table is young would read all of it for ever:
    // a settle rose from 0.5 to 2.9 ms in 6,000 submits. Every statement here has its index, and none is worth compiling,
    // nor planning anew for its values: that was a fifth of what a submit cost Postgres.
    // Nor may what is in order of time be sorted on the way: where statistics know a single key, that would be the plan of
    // its lists for ever, and a key with few tasks would read everybody's.
    options: '-c enable_seqscan=off -c enable_incremental_sort=off -c jit=off -c plan_cache_mode=force_generic_plan',
    // A statement whose answer never comes (half-open link) must not hold its caller for ever.
    query_timeout: options.statementTimeoutMs + 5_000,
    application_name: `journeyman-${name}`,
    keepAlive: true,
  });
  // Without a listener an idle connection that Postgres closes would end the process.
  made.on('error', (error) => log.debug(`an idle database connection was lost: ${classOf(error)}`));
  return made;
}
