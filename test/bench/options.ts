import { parseArgs } from 'node:util';

/** What a run of the bench is asked for. */
export interface BenchOptions {
  /** Names of rows; all unless given. */
  rows: readonly string[];
  /** Shorter rounds, smaller stores. */
  quick: boolean;
  /** The largest store as well, and longer rounds. */
  full: boolean;
  /** Prints figures as JSON instead of the table. */
  json: boolean;
  /** Whether the table goes to docs/performance.md. */
  write: boolean;
  /** Folder for CPU profiles of the gateways; null: none are made. */
  profile: string | null;
}

export const USAGE = 'npm run bench -- [row ...] [--quick | --full] [--json] [--write] [--profile folder]';

/** @throws Error for an unknown option or row */
export function readOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no row ${unknown.join(', ')}; there are ${known.join(', ')}`);
  if (values.quick && values.full) throw new Error('--quick and --full exclude each other');
  return {
    rows: positionals.length > 0 ? known.filter((name) => positionals.includes(name)) : known,
    quick: values.quick,
    full: values.full,
    json: values.json,
    write: values.write,
    profile: values.profile ?? null,
  };
}
