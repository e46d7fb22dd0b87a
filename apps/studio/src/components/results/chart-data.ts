import type { Question, SqlResult } from '../../api/questions.ts';
import { cellText } from './cell-text.ts';
import type { Series } from '../chart.tsx';

type Hint = NonNullable<Question['chart']>;

/** What a chart draws of an answer. */
export interface ChartData {
  xs: number[];
  /** Names along x, where x is no time. */
  names?: string[];
  series: Series[];
}

const COLOURS = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5', '--chart-6'] as const;
const TIMES = /^(?:timestamp|date)/;
const NUMBERS = /^(?:smallint|integer|bigint|numeric|real|double precision)/;
const MOST_SERIES = 6;
const MOST_BARS = 60;

/** Colours by what a column means, so that a failure is the same red in every chart. */
const COLOUR_OF: Record<string, string> = {
  succeeded: '--chart-1',
  failed: '--chart-2',
  cancelled: '--chart-4',
  refused: '--chart-6',
  still_open: '--chart-5',
  spend: '--chart-3',
  refunded: '--chart-4',
  queue_p50_seconds: '--chart-5',
  queue_p95_seconds: '--chart-3',
  run_p50_seconds: '--chart-5',
  run_p95_seconds: '--chart-3',
  delivered: '--chart-1',
  dead: '--chart-2',
  pending: '--chart-5',
};

/** How an answer without a hint can be drawn: times or names in its first column, numbers beside it. Null: not at all. */
export function guessChart({ columns, rows }: SqlResult): Hint | null {
  const [first, ...others] = columns;
  const series = others.filter(({ type }) => NUMBERS.test(type)).map(({ name }) => name);
  if (first === undefined || series.length === 0 || rows.length === 0) return null;
  if (TIMES.test(first.type)) return { kind: 'time', x: first.name, series: series.slice(0, MOST_SERIES) };
  if (NUMBERS.test(first.type) || rows.length > MOST_BARS) return null;
  return { kind: 'bars', x: first.name, series: series.slice(0, MOST_SERIES) };
}

/** The points of a chart. @param hint names columns of the answer; one that it lacks is left out */
export function chartData({ columns, rows }: SqlResult, hint: Hint): ChartData {
  const at = (name: string): number => columns.findIndex((column) => column.name === name);
  const x = at(hint.x);
  const isTime = hint.kind === 'time';
  const sorted = isTime ? [...rows].sort((a, b) => secondsOf(a[x]) - secondsOf(b[x])) : rows;
  const series = hint.series
    .map((name, index) => ({ name, column: at(name), index }))
    .filter(({ column }) => column >= 0)
    .map(({ name, column, index }) => ({
      label: name.replaceAll('_', ' '),
      colour: COLOUR_OF[name] ?? COLOURS[index % COLOURS.length] ?? '--chart-1',
      values: sorted.map((row) => numberOf(row[column])),
    }));
  return isTime
    ? { xs: sorted.map((row) => secondsOf(row[x])), series }
    : { xs: sorted.map((_row, index) => index), names: sorted.map((row) => cellText(row[x], '–')), series };
}

function secondsOf(cell: unknown): number {
  return new Date(cellText(cell)).getTime() / 1_000;
}

function numberOf(cell: unknown): number | null {
  return cell === null || cell === undefined || cell === '' ? null : Number(cell);
}
