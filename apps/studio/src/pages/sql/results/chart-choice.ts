import type { Question, SqlResult } from '../../../api/questions.ts';
import { guessChart } from '../../../components/results/chart-data.ts';
import { isNumber } from './table-text.ts';

/** How an answer is drawn. */
export type ChartHint = NonNullable<Question['chart']>;

const TIMES = /^(?:timestamp|date)/;
const MOST_SERIES = 6;
/** Bars beyond this many are too thin to be told apart. */
export const MOST_BARS = 60;

/** Columns of an answer by what a chart makes of them. */
export function chartColumns({ columns }: SqlResult): { times: string[]; names: string[]; numbers: string[] } {
  const of = (isWanted: (type: string) => boolean): string[] =>
    columns.filter(({ type }) => isWanted(type)).map(({ name }) => name);
  return {
    times: of((type) => TIMES.test(type)),
    names: columns.map(({ name }) => name),
    numbers: of(isNumber),
  };
}

/** The chart that an answer is shown with first: as its question says, or as its columns suggest. Null: it cannot be drawn. */
export function firstChart(result: SqlResult, question: Question | null): ChartHint | null {
  const { times, numbers, names } = chartColumns(result);
  const hint = question?.chart ?? null;
  if (hint !== null && names.includes(hint.x)) return { ...hint, series: [...hint.series] };
  const guessed = guessChart(result);
  if (guessed !== null) return guessed;
  if (numbers.length === 0 || result.rows.length === 0) return null;
  const [time] = times;
  const x = time ?? names.find((name) => !numbers.includes(name)) ?? names[0];
  const series = numbers.filter((name) => name !== x).slice(0, MOST_SERIES);
  return x === undefined || series.length === 0 ? null : { kind: time === undefined ? 'bars' : 'time', x, series };
}

/** Whether a chart is what the reader wants to see first. */
export function isDrawnFirst(result: SqlResult, question: Question | null): boolean {
  return result.rows.length > 1 && (question?.chart ?? null) !== null;
}

/** The same chart by another kind: its x fits the kind. */
export function ofKind(hint: ChartHint, kind: ChartHint['kind'], result: SqlResult): ChartHint {
  const { times, names } = chartColumns(result);
  const x = kind === 'time' ? (times.includes(hint.x) ? hint.x : (times[0] ?? hint.x)) : hint.x || (names[0] ?? '');
  return { ...hint, kind, x };
}

/** The same chart with a column drawn, or not drawn any more. */
export function withSeries(hint: ChartHint, name: string, isDrawn: boolean): ChartHint {
  const others = hint.series.filter((known) => known !== name);
  return { ...hint, series: isDrawn ? [...others, name].slice(-MOST_SERIES) : others };
}
