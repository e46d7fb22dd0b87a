import type { Parameters } from '../../api/questions.ts';
import type { ChartData } from './chart-data.ts';

/** The time that a question was asked about, in seconds since the epoch. */
export interface TimeSpan {
  from: number;
  to: number;
}

const DAY = 86_400;
const HOUR = 3_600;
/** Widths of buckets by the length of the time, in seconds: the rule of `report.bucket_for`. */
const WIDTHS: readonly [atMost: number, width: number][] = [
  [2 * HOUR, 60],
  [12 * HOUR, 300],
  [8 * DAY, HOUR],
  [Number.POSITIVE_INFINITY, DAY],
];
/** What is no count: where nothing happened there is none, and not zero. */
const MEASURED = /\bp\d+\b|seconds|ratio/;
const MOST_BUCKETS = 2_000;

/** The time that parameters name; null where they leave its beginning to the question. @param now ms since the epoch */
export function timeSpanOf({ from, to }: Parameters, now: number): TimeSpan | null {
  const [begin, end] = [Date.parse(from ?? ''), to == null ? now : Date.parse(to)];
  return begin < end ? { from: begin / 1_000, to: end / 1_000 } : null;
}

/**
 * A chart over the whole time that was asked about: answers have no row for a bucket in which nothing happened, and a line
 * from one row to the next would tell of what was not.
 */
export function overWholeSpan(data: ChartData, { from, to }: TimeSpan): ChartData {
  const isByDay = data.xs.length > 0 && data.xs.every((x) => x % DAY === 0);
  const width = isByDay ? DAY : (WIDTHS.find(([atMost]) => to - from <= atMost)?.[1] ?? DAY);
  const first = Math.floor(from / width) * width;
  const count = Math.floor((to - first) / width) + 1;
  const at = new Map(data.xs.map((x, index) => [x, index]));
  const xs = Array.from({ length: Math.min(count, MOST_BUCKETS) }, (_, index) => first + index * width);
  // Rows of other buckets, as of a width that the reader chose: they are drawn as they are.
  if (count > MOST_BUCKETS || !data.xs.every((x) => (x - first) % width === 0 && x >= first && x <= to)) return data;
  const series = data.series.map((line) => {
    const none = MEASURED.test(line.label) ? null : 0;
    return { ...line, values: xs.map((x) => (at.has(x) ? (line.values[at.get(x) ?? 0] ?? null) : none)) };
  });
  return { ...data, xs, series };
}
