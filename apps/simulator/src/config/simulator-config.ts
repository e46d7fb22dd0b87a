import { type SimulatorOptions } from '../simulator.js';

/** The options, or one line for each wrong value. */
export type Configuration =
  | { readonly kind: 'ok'; readonly options: SimulatorOptions }
  | { readonly kind: 'wrong'; readonly mistakes: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the SIMULATOR_* variables; an empty one counts as unset. */
export function readConfiguration(env: Environment): Configuration {
  const mistakes: string[] = [];
  const text = (name: string): string | null => (env[name] ?? '').trim() || null;
  const whole = (name: string, otherwise: number, least: number, most: number): number => {
    const value = text(name);
    if (value === null) return otherwise;
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most) return number;
    mistakes.push(`${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`);
    return otherwise;
  };
  const options: SimulatorOptions = {
    port: whole('SIMULATOR_PORT', 8081, 0, 65_535),
    host: text('SIMULATOR_HOST') ?? '127.0.0.1',
    secret: text('SIMULATOR_SECRET'),
    runMs: whole('SIMULATOR_RUN_MS', 8_000, 0, 3_600_000),
    concurrency: text('SIMULATOR_CONCURRENCY') === null ? null : whole('SIMULATOR_CONCURRENCY', 12, 1, 10_000),
    queue: whole('SIMULATOR_QUEUE', 100, 0, 1_000_000),
    dir: text('SIMULATOR_DIR') ?? './.data/simulator',
    publicUrl: publicUrl(text('SIMULATOR_PUBLIC_URL'), mistakes),
  };
  return mistakes.length > 0 ? { kind: 'wrong', mistakes } : { kind: 'ok', options };
}

function publicUrl(value: string | null, mistakes: string[]): string | null {
  if (value === null) return null;
  if (isHttpUrl(value)) return value.replace(/\/+$/, '');
  mistakes.push(`SIMULATOR_PUBLIC_URL must be an http or https URL, not ${JSON.stringify(value)}`);
  return null;
}

/** Not by URL.canParse, which in Node 20 comes to refuse letters such as `ü`. */
function isHttpUrl(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}

/** The configuration of this process. */
export const configurationOfProcess = (): Configuration => readConfiguration(process.env);
