import { readdir, readFile } from 'node:fs/promises';

/** Ticks of a second in /proc on every Linux there is. */
const TICKS = 100;

/** Seconds of CPU that a process and the processes it started have used; null where there is no /proc. */
export async function cpuSecondsOf(pid: number): Promise<number | null> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return null;
  const stats = await Promise.all(pids.map((name) => readFile(`/proc/${name}/stat`, 'latin1').catch(() => '')));
  return stats
    .map(readStat)
    .reduce((sum, stat) => (stat.pid === pid || stat.parent === pid ? sum + stat.seconds : sum), 0);
}

/** A line of /proc/<pid>/stat; the name in brackets may hold anything. */
export function readStat(line: string): { pid: number; parent: number; seconds: number } {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11] ?? 0), Number(fields[12] ?? 0)];
  return { pid: Number.parseInt(line, 10), parent: Number(fields[1] ?? 0), seconds: (user + system) / TICKS };
}
