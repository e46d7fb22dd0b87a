import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A bound on the memory of the besieged process and of the processes it starts. */
export interface MemoryLimit {
  /** How the bound is kept: by the kernel, or by looking at the resident set of the one process. */
  readonly kind: 'cgroup v1' | 'cgroup v2' | 'watched RSS';
  add(pid: number): Promise<void>;
  /** Largest use since the last call, bytes. */
  takePeak(): Promise<number>;
  remove(): Promise<void>;
}

const ROOT = '/sys/fs/cgroup';
const LOOK_MS = 100;
const REMOVE_TRIES = 50;

/** A control group of so many bytes where one can be made, else a watch that kills what grows beyond. */
export async function limitMemory(bytes: number): Promise<MemoryLimit> {
  const name = `journeyman-siege-${process.pid}`;
  const v1 = join(ROOT, 'memory', name);
  const v2 = join(ROOT, name);
  try {
    if (existsSync(join(ROOT, 'memory'))) return await controlGroup('cgroup v1', v1, 'memory.limit_in_bytes', bytes);
    if (existsSync(join(ROOT, 'cgroup.controllers'))) return await controlGroup('cgroup v2', v2, 'memory.max', bytes);
  } catch {
    // Without the right to make one the process is watched instead.
    await rmdir(v1).catch(() => rmdir(v2).catch(() => undefined));
  }
  return new WatchedMemory(bytes);
}

async function controlGroup(
  kind: 'cgroup v1' | 'cgroup v2',
  folder: string,
  file: string,
  bytes: number,
): Promise<MemoryLimit> {
  await mkdir(folder);
  await writeFile(join(folder, file), String(bytes));
  return new ControlGroup(kind, folder);
}

class ControlGroup implements MemoryLimit {
  private peak = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    readonly kind: 'cgroup v1' | 'cgroup v2',
    private readonly folder: string,
  ) {
    this.timer = setInterval(() => void this.look(), LOOK_MS);
  }

  async add(pid: number): Promise<void> {
    await writeFile(join(this.folder, 'cgroup.procs'), String(pid));
  }

  async takePeak(): Promise<number> {
    await this.look();
    const { peak } = this;
    this.peak = 0;
    return peak;
  }

  async remove(): Promise<void> {
    clearInterval(this.timer);
    for (let tries = 0; tries < REMOVE_TRIES; tries += 1) {
      // The kernel lets go of a group a moment after its last process has ended.
      const removed = await rmdir(this.folder).then(
        () => true,
        () => false,
      );
      if (removed) return;
      await sleep(LOOK_MS);
    }
  }

  /** Resident pages only: what the kernel caches of files may be dropped at any time. */
  private async look(): Promise<void> {
    const text = await readFile(join(this.folder, 'memory.stat'), 'latin1').catch(() => '');
    const used = /^(?:total_rss|anon) (\d+)$/m.exec(text)?.[1] ?? '0';
    this.peak = Math.max(this.peak, Number(used));
  }
}

class WatchedMemory implements MemoryLimit {
  readonly kind = 'watched RSS';
  private readonly pids = new Set<number>();
  private peak = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly bytes: number) {
    this.timer = setInterval(() => void this.look(), LOOK_MS);
  }

  add(pid: number): Promise<void> {
    this.pids.add(pid);
    return Promise.resolve();
  }

  takePeak(): Promise<number> {
    const { peak } = this;
    this.peak = 0;
    return Promise.resolve(peak);
  }

  remove(): Promise<void> {
    clearInterval(this.timer);
    return Promise.resolve();
  }

  private async look(): Promise<void> {
    for (const pid of this.pids) {
      const used = await residentBytes(pid);
      this.peak = Math.max(this.peak, used);
      if (used > this.bytes) process.kill(pid, 'SIGKILL');
    }
  }
}

/** Resident set of a process, bytes; 0 where there is no /proc or no such process. */
export async function residentBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1_024;
}
