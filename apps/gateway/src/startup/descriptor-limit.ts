import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Fewest descriptors with which a gateway can work. */
export const FEWEST_DESCRIPTORS = 220;

/** How many descriptors this process may have; null where the system does not say. Node has raised it as far as it may. */
export async function readDescriptorLimit(): Promise<number | null> {
  const text = await readFile('/proc/self/limits', 'utf8').then(
    (limits) => /^Max open files\s+(\d+)/m.exec(limits)?.[1],
    () => askShell(),
  );
  const limit = Number(text);
  return Number.isSafeInteger(limit) && limit > 0 ? limit : null;
}

async function askShell(): Promise<string | undefined> {
  try {
    return (await promisify(execFile)('/bin/sh', ['-c', 'ulimit -n'])).stdout.trim();
  } catch {
    return undefined;
  }
}
