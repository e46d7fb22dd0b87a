import { readFileSync } from 'node:fs';
import type { LoadHook } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * A module loader that reads files one after the other: Node by itself opens hundreds of files at once. `register` runs it in a
 * thread of its own.
 */
export const load: LoadHook = (url, context, nextLoad) => {
  if (context.format !== 'module' || !url.startsWith('file:')) return nextLoad(url, context);
  return { format: 'module', source: readFileSync(fileURLToPath(url)), shortCircuit: true };
};
