import type { Figure } from './figures.js';

/** Where and with what a run took place. */
export interface RunFacts {
  date: string;
  cores: number;
  cpu: string;
  node: string;
  postgres: string;
  /** Options of the run, as they were typed. */
  command: string;
  /** Load of the machine before the run, processes: what other work took part in it. */
  loadBefore: number;
}

/** The figures as a Markdown table, with what they were got by. */
export function tableOf(figures: readonly Figure[], facts: RunFacts): string {
  const { date, cores, cpu, node, postgres, command, loadBefore } = facts;
  return [
    `\`${command}\`, ${date}: ${cores} cores (${cpu}), Node ${node}, ${postgres}, load before the run ${loadBefore.toFixed(1)}.`,
    'Gateway, floor, upstream, receiver, load generator and PostgreSQL shared those cores.',
    '',
    '| Row | Journeyman | Floor | Ratio | By CPU | Reach | | Rounds | What limits it |',
    '| --- | ---: | ---: | ---: | ---: | --- | --- | ---: | --- |',
    ...figures.map((figure) => `| ${cellsOf(figure).join(' | ')} |`),
  ].join('\n');
}

/** What programs read: the agreed fields and no others. */
export function jsonOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ row, ours, floor, ratio, unit, rounds }) => ({ row, ours, floor, ratio, unit, rounds }));
  return JSON.stringify(rows, null, 2);
}

/** Three digits that say something, and thousands apart. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-GB', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

function cellsOf({ row, ours, floor, ratio, cpuRatio, unit, reach, holds, rounds, note }: Figure): string[] {
  return [
    row,
    `${numberText(ours)} ${unit}`,
    floor === null ? '–' : `${numberText(floor)} ${unit}`,
    ratio === null ? '–' : ratio.toFixed(2),
    cpuRatio === null ? '–' : cpuRatio.toFixed(2),
    reach,
    holds === null ? '–' : holds ? 'reached' : '**missed**',
    String(rounds),
    note,
  ];
}
