import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { checkPort } from './lifecycle/ports.js';

/** The simulator's port of the last start while it is free on 127.0.0.1, else 0 (it chooses then). */
export async function keptSimulatorPort(dataDir: string): Promise<number> {
  const text = await readFile(portFile(dataDir), 'utf8').catch(() => '');
  const port = Number(text.trim());
  if (!Number.isInteger(port) || port < 1 || port > 65535) return 0;
  return (await checkPort(port, '127.0.0.1')).kind === 'free' ? port : 0;
}

/** Keeps the port of `url`, so that the tasks of earlier runs find their upstream again. */
export async function keepSimulatorPort(dataDir: string, url: string): Promise<void> {
  await writeFile(portFile(dataDir), `${new URL(url).port}\n`);
}

function portFile(dataDir: string): string {
  return join(dataDir, 'simulator.port');
}
