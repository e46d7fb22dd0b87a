/** One look at the process and its database. */
export interface Sample {
  /** Since the start, ms. */
  at: number;
  /** Resident set of the gateway, bytes. */
  rss: number;
  descriptors: number;
  threads: number;
  /** Rows of all tables that are dead and not yet vacuumed. */
  deadRows: number;
}

export interface Trend {
  /** Least-squares slope, per hour. */
  perHour: number;
  first: number;
  last: number;
  largest: number;
}

const HOUR_MS = 3_600_000;

/** How a figure went after the warm-up. @throws Error for fewer than two samples after it */
export function trendOf(samples: readonly Sample[], figure: (sample: Sample) => number, warmUpMs: number): Trend {
  const points = samples
    .filter(({ at }) => at >= warmUpMs)
    .map((sample) => ({ x: sample.at / HOUR_MS, y: figure(sample) }));
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2)
    throw new Error('too few samples after the warm-up');
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const spread = points.reduce((sum, { x }) => sum + (x - mx) ** 2, 0);
  const together = points.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0);
  return {
    perHour: spread === 0 ? 0 : together / spread,
    first: first.y,
    last: last.y,
    largest: Math.max(...points.map(({ y }) => y)),
  };
}
