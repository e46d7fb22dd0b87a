import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** Where the system keeps names that it knows without asking. */
export const HOSTS_FILE = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';
/** How much of the file is read: longer files are block lists, which are not worth the time of every reading. */
const MAX_CHARS = 1_000_000;

/** The names of a hosts file in lower case, each with its addresses; none where it cannot be read. */
export async function readHostsFile(path: string): Promise<Map<string, string[]>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const found = new Map<string, string[]>();
  for (const line of text.slice(0, MAX_CHARS).split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of names) found.set(name.toLowerCase(), [...(found.get(name.toLowerCase()) ?? []), address]);
  }
  return found;
}
