import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a pid stands for right now; a zombie holds nothing but its number. */
export type ProcessStatus = 'running' | 'zombie' | 'gone';

/** A pid together with what tells it from a later process of the same number. */
export interface ProcessIdentity {
  pid: number;
  /** Boot and start time of the process; undefined where the system does not tell. */
  startedAt?: string;
}

const LINUX = process.platform === 'linux';

/** Status of `pid`, also of processes of other users. */
export function processStatus(pid: number): ProcessStatus {
  if (!Number.isInteger(pid) || pid <= 0) return 'gone';
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'gone';
  }
  const state = LINUX ? procStat(pid)?.[0] : psColumn(pid, 'stat');
  return state?.startsWith('Z') ? 'zombie' : 'running';
}

/** Program and arguments of a running process, joined by spaces; empty when it is gone or may not be read. */
export function commandLine(pid: number): string {
  if (!LINUX) return psColumn(pid, 'command') ?? '';
  return (readProc(pid, 'cmdline') ?? '').replaceAll('\0', ' ').trim();
}

/** The identity of a running process, to be recognised later by {@link isSameProcess}. */
export function identify(pid: number): ProcessIdentity {
  const startedAt = startOf(pid);
  return startedAt === undefined ? { pid } : { pid, startedAt };
}

/** Whether the process that was identified still runs: a reused pid and a zombie do not count. */
export function isSameProcess(identity: ProcessIdentity): boolean {
  if (processStatus(identity.pid) !== 'running') return false;
  return identity.startedAt === undefined || identity.startedAt === startOf(identity.pid);
}

/** Pids of processes that work in `directory`. Known on Linux only; elsewhere always empty. */
export function processesIn(directory: string): number[] {
  if (!LINUX) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === directory;
      } catch {
        return false;
      }
    });
}

/**
 * Polls `done` every 20 ms until it holds.
 * @returns false when it still does not hold after `withinMs` milliseconds.
 */
export async function eventually(done: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!done()) {
    if (performance.now() >= deadline) return false;
    await sleep(20);
  }
  return true;
}

function startOf(pid: number): string | undefined {
  if (!LINUX) return psColumn(pid, 'lstart');
  // Field 22 of proc(5) stat counts from boot, so the boot belongs to the identity.
  const ticks = procStat(pid)?.[19];
  return ticks === undefined ? undefined : `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`;
}

/** Fields of /proc/<pid>/stat from the third on: the second is a name that may hold spaces and brackets. */
function procStat(pid: number): string[] | undefined {
  const stat = readProc(pid, 'stat');
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

function psColumn(pid: number, column: string): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
