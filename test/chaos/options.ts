import { parseArgs } from 'node:util';

/** What a run of the rig is asked for. */
export interface ChaosOptions {
  /** Names of scenarios; empty: all of that run. */
  scenarios: readonly string[];
  /** The short run. */
  cut: boolean;
  /** Requests of each scenario; its own number unless given. */
  tasks: number | null;
  /** Of chance. */
  seed: number;
  /** Whether the table goes to docs/reliability.md. */
  write: boolean;
}

export const USAGE = `npm run chaos -- [scenario ...] [--cut] [--tasks n] [--seed n] [--write]`;

/** @throws Error for an unknown option, scenario or number */
export function readOptions(args: readonly string[], known: readonly string[], randomSeed: number): ChaosOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      cut: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      tasks: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no scenario ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return {
    scenarios: positionals,
    cut: values.cut,
    write: values.write,
    tasks: values.tasks === undefined ? null : positive('--tasks', values.tasks),
    seed: values.seed === undefined ? randomSeed : positive('--seed', values.seed),
  };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number <= 0) throw new Error(`${name} must be a whole number above 0`);
  return number;
}
