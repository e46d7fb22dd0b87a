import { parseArgs } from 'node:util';

/** What a run of the siege is asked for. */
export interface SiegeOptions {
  /** Names of attacks; all unless given. */
  attacks: readonly string[];
  /** The short run: smaller attacks, fewer seeded tasks. */
  cut: boolean;
  /** Whether the table goes to docs/reliability.md. */
  write: boolean;
}

export const USAGE = `npm run siege -- [attack ...] [--cut] [--write]`;

/** @throws Error for an unknown option or attack */
export function readOptions(args: readonly string[], known: readonly string[]): SiegeOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { cut: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no attack ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return { attacks: positionals.length > 0 ? positionals : known, cut: values.cut, write: values.write };
}
