import { commonFigures, type Figures } from './figures.js';
import { findViolations, type Violation } from './invariants.js';
import type { Scenario, Size } from './scenario.js';
import { Stage } from './stage.js';

export interface ScenarioResult {
  name: string;
  about: string;
  /** Of every scenario. */
  figures: Figures;
  /** Of this one alone. */
  own: Figures;
  violations: readonly Violation[];
  /** From the first request until everything had settled, ms; without starting and stopping. */
  ms: number;
  /** Version of the database. */
  postgres: string;
}

const PROGRESS_MS = 30_000;

type Say = (line: string) => void;

/** Everything has to have ended by then, ms. */
const SETTLE_MS = { full: 300_000, cut: 150_000 };

/** Runs one scenario from its own empty database to its verdict; one that breaks off is a verdict too. */
export async function runScenario(scenario: Scenario, size: Size, say: Say): Promise<ScenarioResult> {
  try {
    return await perform(scenario, size, say);
  } catch (error) {
    const why = error instanceof Error ? error.stack : String(error);
    const violations = [{ rule: 'the scenario runs to its end', rows: [{ why }] }];
    return { name: scenario.name, about: scenario.about, figures: {}, own: {}, violations, ms: 0, postgres: '' };
  }
}

async function perform(scenario: Scenario, size: Size, say: Say): Promise<ScenarioResult> {
  const { name, about } = scenario;
  const stage = await Stage.open({ ...scenario.stage(size), random: size.random });
  try {
    await stage.startGateways();
    say(`${name}: ${about}`);
    const began = Date.now();
    const progress = setInterval(() => say(`${name}: ${stage.clients.records.length} requests answered`), PROGRESS_MS);
    const measure = await scenario.drive(stage, size).finally(() => clearInterval(progress));
    say(`${name}: ${stage.clients.records.length} requests answered, waiting for the rest to end`);
    const left = await stage.settle(size.isCut ? SETTLE_MS.cut : SETTLE_MS.full);
    const ms = Date.now() - began;
    if (left.tasks > 0 || left.hooks > 0) say(`${name}: ${left.tasks} tasks and ${left.hooks} hooks did not end`);
    const { kills, starts } = stage.fleet.counts;
    const history = await stage.history();
    const sum = (what: 'submits' | 'polls' | 'faults'): number =>
      stage.upstreams.reduce((total, { counts }) => total + counts[what], 0);
    const figures = {
      ...commonFigures(history),
      'gateways started': starts,
      killed: kills,
      'upstream submits': sum('submits'),
      polls: sum('polls'),
      'upstream faults': sum('faults'),
    };
    const violations = [...findViolations(history), ...(scenario.promises?.(history) ?? [])];
    return { name, about, figures, own: measure(history), violations, ms, postgres: history.postgres };
  } finally {
    await stage.close();
  }
}
