import { Logger } from '@nestjs/common';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { writeSection } from '../support/write-section.js';
import { readOptions, USAGE, type ChaosOptions } from './options.js';
import { seededRandom } from './random.js';
import { linesOf, tableOf } from './report.js';
import { runScenario, type ScenarioResult } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import { SCENARIOS } from './scenarios.js';
import { SETTINGS } from './stage.js';

const DOCUMENT = join(import.meta.dirname, '../../../docs/reliability.md');
/** Much of a scenario is waiting, so the short run has two at a time. */
const CUT_LANES = 2;

// What the rig's own connections say while the database is down is of no interest.
Logger.overrideLogger(false);

const began = Date.now();
const say = (line: string): void =>
  void process.stdout.write(`[${String(Math.round((Date.now() - began) / 1_000)).padStart(4)} s] ${line}\n`);

async function runAll(options: ChaosOptions): Promise<ScenarioResult[]> {
  const run = options.cut ? 'cut' : 'full';
  const queue = SCENARIOS.filter(({ name, only = run }) =>
    options.scenarios.length > 0 ? options.scenarios.includes(name) : only === run,
  );
  const results = new Map<Scenario, ScenarioResult>();
  const lane = async (): Promise<void> => {
    for (let scenario = queue.shift(); scenario !== undefined; scenario = queue.shift()) {
      const tasks = options.tasks ?? (options.cut ? scenario.tasks.cut : scenario.tasks.full);
      const size = { tasks, isCut: options.cut, random: seededRandom(options.seed) };
      const result = await runScenario(scenario, size, say);
      results.set(scenario, result);
      for (const line of linesOf(result)) say(line);
    }
  };
  await Promise.all(Array.from({ length: options.cut ? CUT_LANES : 1 }, lane));
  return SCENARIOS.flatMap((scenario) => results.get(scenario) ?? []);
}

async function main(): Promise<number> {
  const names = SCENARIOS.map(({ name }) => name);
  const options = readOptions(process.argv.slice(2), names, 1 + Math.floor(Math.random() * 1_000_000));
  say(`seed ${options.seed}`);
  const results = await runAll(options);
  const table = tableOf(results, {
    date: new Date().toISOString().slice(0, 10),
    cores: availableParallelism(),
    node: process.versions.node,
    postgres: results.map(({ postgres }) => postgres).find((version) => version !== '') ?? '',
    isCut: options.cut,
    seed: options.seed,
    settings: SETTINGS,
  });
  if (options.write) await writeSection(DOCUMENT, 'chaos', table);
  const broken = results.filter(({ violations }) => violations.length > 0);
  say(
    broken.length === 0
      ? 'chaos: every invariant holds'
      : `chaos: BROKEN in ${broken.map(({ name }) => name).join(', ')}`,
  );
  return broken.length === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n${USAGE}\n`);
    process.exit(1);
  },
);
