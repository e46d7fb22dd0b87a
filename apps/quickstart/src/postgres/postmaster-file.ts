import { join } from 'node:path';

import { readIfPresent } from '../lifecycle/private-file.js';
import { commandLine, processStatus } from '../lifecycle/processes.js';

/** What a server writes to `postmaster.pid` in its data folder. */
export interface PostmasterFile {
  pid: number;
  port: number;
  /** True once it accepts connections. */
  ready: boolean;
}

/** Path of the file that a running server keeps in its data folder. */
export function postmasterPath(data: string): string {
  return join(data, 'postmaster.pid');
}

/** Reads it; undefined when there is none. */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | undefined> {
  const text = await readIfPresent(postmasterPath(data));
  return text === undefined ? undefined : parsePostmasterFile(text);
}

/** Lines 1, 4 and 8 of the file (PostgreSQL's miscadmin.h); undefined when no pid stands there. */
export function parsePostmasterFile(text: string): PostmasterFile | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]) || 0, ready: lines[7] === 'ready' };
}

/**
 * Whether `pid` is a running server of this data folder, and not another process that got the number later. It rests
 * on the order of arguments that our own start gives.
 */
export function isServerOf(pid: number, data: string): boolean {
  return processStatus(pid) === 'running' && commandLine(pid).includes(`/postgres -D ${data} -p `);
}
