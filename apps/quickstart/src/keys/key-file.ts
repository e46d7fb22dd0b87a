import { chmod } from 'node:fs/promises';

import { readIfPresent, writePrivateFile } from '../lifecycle/private-file.js';
import { QuickstartError } from '../lifecycle/quickstart-error.js';
import { completeKeys, parseKeys, type MadeKeys, type RandomBytes } from './made-keys.js';

/** The keys, and whether the file was there before. */
export interface KeptKeys {
  keys: MadeKeys;
  found: boolean;
}

/**
 * Reads `path` and makes what it lacks; the file ends up complete and readable by this user only (mode 600).
 * @throws QuickstartError when its content is not a keys file: overwriting it could lose the only SECRET_KEY.
 */
export async function keepKeys(path: string, random: RandomBytes): Promise<KeptKeys> {
  const text = await readIfPresent(path);
  let kept: Partial<MadeKeys>;
  try {
    kept = text === undefined ? {} : parseKeys(text);
  } catch {
    throw new QuickstartError(
      `${path} is not readable as JSON. Repair it, or remove it: then new keys are made, and secrets stored under its SECRET_KEY cannot be read any more.`,
    );
  }
  const keys = completeKeys(kept, random);
  const content = `${JSON.stringify(keys, null, 2)}\n`;
  if (content !== text) await writePrivateFile(path, content);
  await chmod(path, 0o600);
  return { keys, found: text !== undefined };
}
