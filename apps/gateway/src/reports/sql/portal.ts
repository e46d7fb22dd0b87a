import type pg from 'pg';
import { cellOf, TYPE_NAMES, type Cell, type SqlColumn } from './cell.js';
import { SqlFault } from './sql-fault.js';
import { SQL_LIMITS } from './sql-limits.js';

/** What was read of a query. */
export interface SqlRows {
  columns: SqlColumn[];
  rows: Cell[][];
  /** True: there is more than the limits let through. */
  truncated: boolean;
}

const DECLARE = 'declare studio no scroll cursor for ';
const EXPLAIN = 'explain (costs) ';
/** How far into what is sent the query begins. */
export const OFFSETS = { rows: DECLARE.length, plan: EXPLAIN.length } as const;

const TEXTS = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;
const NAME_TYPES = 'select t.oid::int as oid, format_type(t.oid, null) as name from unnest($1::oid[]) t (oid)';

interface Socket {
  on(event: 'data', listener: (chunk: Buffer) => void): void;
  off(event: 'data', listener: (chunk: Buffer) => void): void;
  destroy(): void;
}

/** The socket of a connection, which the driver's types do not name. */
export function socketOf(client: pg.PoolClient): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

/**
 * Reads one query in the transaction that is open, through a cursor: whatever it would give, no more is read than the limits
 * allow. A cursor is for reading only, and by the extended protocol it is one statement.
 */
export async function readRows(client: pg.PoolClient, text: string, values: readonly string[]): Promise<SqlRows> {
  await client.query(extended(DECLARE + text, values));
  const rows: Cell[][] = [];
  let fields: pg.FieldDef[] = [];
  let characters = 0;
  let truncated = false;
  for (let isMore = true; isMore && !truncated;) {
    const wanted = Math.min(SQL_LIMITS.batchRows, SQL_LIMITS.rows + 1 - rows.length);
    const batch = await withinBytes(client, () =>
      client.query<(string | null)[]>({ text: `fetch ${wanted} from studio`, rowMode: 'array', types: TEXTS }),
    );
    fields = batch.fields;
    isMore = batch.rows.length === wanted;
    for (const row of batch.rows) {
      if (rows.length === SQL_LIMITS.rows || characters > SQL_LIMITS.characters) {
        truncated = true;
        break;
      }
      const cells = row.map((cell, at) => cellOf(cell, fields[at]?.dataTypeID ?? 0));
      characters += cells.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0);
      rows.push(cells);
    }
  }
  return { columns: await columnsOf(client, fields), rows, truncated };
}

/** By the extended protocol also where there are no values: it takes one statement only. The driver's types do not know the mode. */
function extended(text: string, values: readonly string[]): pg.QueryConfig<string[]> {
  const query = { text, values: [...values], queryMode: 'extended' };
  return query;
}

/** The plan of a query, which is not run. */
export async function readPlan(client: pg.PoolClient, text: string, values: readonly string[]): Promise<SqlRows> {
  const { rows } = await client.query<[string]>({ ...extended(EXPLAIN + text, values), rowMode: 'array' });
  return { columns: [{ name: 'QUERY PLAN', type: 'text' }], rows, truncated: false };
}

async function columnsOf(client: pg.PoolClient, fields: readonly pg.FieldDef[]): Promise<SqlColumn[]> {
  const unknown = [...new Set(fields.map(({ dataTypeID }) => dataTypeID))].filter((type) => !TYPE_NAMES.has(type));
  const names = new Map(TYPE_NAMES);
  if (unknown.length > 0) {
    const { rows } = await client.query<{ oid: number; name: string }>(NAME_TYPES, [unknown]);
    for (const { oid, name } of rows) names.set(oid, name);
  }
  return fields.map(({ name, dataTypeID }) => ({ name, type: names.get(dataTypeID) ?? 'unknown' }));
}

async function withinBytes<T>(client: pg.PoolClient, work: () => Promise<T>): Promise<T> {
  const socket = socketOf(client);
  let bytes = 0;
  let isCut = false;
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= SQL_LIMITS.batchBytes || isCut) return;
    isCut = true;
    socket.destroy();
  };
  socket.on('data', onData);
  try {
    return await work();
  } catch (error) {
    if (!isCut) throw error;
    throw new SqlFault(`the rows are too large: so many have more than ${SQL_LIMITS.batchBytes / 1_000_000} MB`, null);
  } finally {
    socket.off('data', onData);
  }
}
