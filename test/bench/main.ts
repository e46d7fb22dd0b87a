import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { writeSection } from '../support/write-section.js';
import { Bench, type Row, type Size } from './bench.js';
import { BenchPostgres } from './bench-postgres.js';
import type { Figure } from './figures.js';
import { readOptions, USAGE, type BenchOptions } from './options.js';
import { ROWS } from './rows.js';
import { jsonOf, tableOf } from './table.js';

const DOCUMENT = join(import.meta.dirname, '../../../docs/performance.md');
const ROUNDS = 5;

const began = Date.now();
/** Beside the table, which alone goes to stdout. */
const say = (line: string): void =>
  void process.stderr.write(`[${String(Math.round((Date.now() - began) / 1_000)).padStart(4)} s] ${line}\n`);

function sizeOf({ quick, full }: BenchOptions): Size {
  if (quick) return { rounds: ROUNDS, seconds: 1, share: 0.25, isFull: false };
  return { rounds: full ? 2 * ROUNDS - 1 : ROUNDS, seconds: full ? 10 : 4, share: 1, isFull: full };
}

async function runRow(row: Row, bench: Bench): Promise<Figure[]> {
  say(row.name);
  try {
    return await row.run(bench);
  } catch (error) {
    process.stderr.write(bench.printed());
    throw error;
  } finally {
    await bench.close();
  }
}

async function main(): Promise<void> {
  const options = readOptions(
    process.argv.slice(2),
    ROWS.map(({ name }) => name),
  );
  const [loadBefore = 0] = loadavg();
  const postgres = await BenchPostgres.start();
  try {
    const bench = new Bench(sizeOf(options), say, postgres, options.profile);
    const figures: Figure[] = [];
    for (const row of ROWS.filter(({ name }) => options.rows.includes(name)))
      figures.push(...(await runRow(row, bench)));
    const table = tableOf(figures, {
      date: new Date().toISOString().slice(0, 10),
      cores: availableParallelism(),
      cpu: cpus()[0]?.model ?? 'unknown',
      node: process.versions.node,
      postgres: postgres.version,
      command: ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
      loadBefore,
    });
    process.stdout.write(`${options.json ? jsonOf(figures) : table}\n`);
    if (options.write) await writeSection(DOCUMENT, 'bench', table);
  } finally {
    await postgres.stop();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n${USAGE}\n`);
    process.exit(1);
  },
);
