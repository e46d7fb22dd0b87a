import { seconds } from './figures.js';
import type { ScenarioResult } from './run-scenario.js';

/** Where and with what a run took place. */
export interface RunFacts {
  date: string;
  cores: number;
  node: string;
  postgres: string;
  isCut: boolean;
  seed: number;
  settings: Readonly<Record<string, string>>;
}

/** Of the figures of every scenario, those that the document shows. */
const SHOWN_FIGURES = [
  'requests',
  'acknowledged',
  'killed',
  'outcome unknown',
  'given up, yet worked on',
  'hooks',
  'hooks once more',
];
/** Of a broken invariant, so many rows are printed. */
const SHOWN_ROWS = 20;

/** The results as a Markdown table, with what they were got by. */
export function tableOf(results: readonly ScenarioResult[], facts: RunFacts): string {
  const { date, cores, node, postgres, isCut, seed, settings } = facts;
  const set = Object.entries(settings).map(([name, value]) => `\`${name}=${value}\``);
  return [
    `\`npm run chaos${isCut ? ' -- --cut' : ''}\`, ${date}: ${cores} cores, Node ${node}, ${postgres}, seed ${seed}. Gateways, upstream,`,
    'receivers, clients and PostgreSQL shared those cores. Set besides the defaults:',
    `${set.join(', ')}.`,
    '',
    rowOf(['Scenario', 'What is done', 'Invariants', 'Took', ...SHOWN_FIGURES, 'besides']),
    rowOf(Array.from({ length: SHOWN_FIGURES.length + 5 }, () => '---')),
    ...results.map((result) =>
      rowOf([
        `\`${result.name}\``,
        result.about,
        result.violations.length === 0 ? 'hold' : result.violations.map(({ rule }) => `BROKEN: ${rule}`).join('; '),
        seconds(result.ms),
        ...SHOWN_FIGURES.map((what) => shown(result.figures[what] ?? '')),
        Object.entries(result.own)
          .map(([what, value]) => `${what}: ${shown(value)}`)
          .join('; '),
      ]),
    ),
  ].join('\n');
}

/** What is printed of one scenario. */
export function linesOf({ name, figures, own, violations, ms }: ScenarioResult): string[] {
  const verdict = violations.length === 0 ? 'every invariant holds' : `${violations.length} INVARIANTS ARE BROKEN`;
  const rows = Object.entries({ ...figures, ...own }).map(([what, value]) => `    ${what}: ${value}`);
  const broken = violations.flatMap((violation) => [
    `  BROKEN: ${violation.rule} (${violation.rows.length})`,
    ...violation.rows.slice(0, SHOWN_ROWS).map((row) => `    ${JSON.stringify(row)}`),
  ]);
  return [`${name}: ${verdict}, ${seconds(ms)}`, ...rows, ...broken];
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function shown(value: string | number): string {
  return typeof value === 'number' ? value.toLocaleString('en-GB') : value;
}
