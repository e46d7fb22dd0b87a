import { join } from 'node:path';

import { readIfPresent, writePrivateFile } from '../lifecycle/private-file.js';

/** What the launcher must know to come back to its cluster. */
export interface ClusterState {
  /** Of the role {@link ROLE}, the cluster's superuser. */
  password: string;
  /** The port of the last start, taken again while it is free. */
  port?: number;
}

/** The cluster's only role. */
export const ROLE = 'journeyman';

/** The state kept in `home`; undefined when there is none or it cannot be read as such. */
export async function readClusterState(home: string): Promise<ClusterState | undefined> {
  const text = await readIfPresent(stateFile(home));
  if (text === undefined) return undefined;
  try {
    const state = JSON.parse(text) as Partial<ClusterState> | null;
    if (typeof state?.password !== 'string' || state.password === '') return undefined;
    return { password: state.password, ...(Number.isInteger(state.port) ? { port: state.port } : {}) };
  } catch {
    return undefined;
  }
}

/** Keeps the state in `home`, readable by this user only. */
export async function writeClusterState(home: string, state: ClusterState): Promise<void> {
  await writePrivateFile(stateFile(home), `${JSON.stringify(state)}\n`);
}

/** The connection URL of a database of the cluster. */
export function databaseUrl(password: string, port: number, database: string): string {
  return `postgres://${ROLE}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

function stateFile(home: string): string {
  return join(home, 'cluster.json');
}
