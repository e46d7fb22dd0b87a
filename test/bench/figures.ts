/** One line of the table. */
export interface Figure {
  row: string;
  /** What the gateway does. */
  ours: number;
  /** What the least that could do the same does; null: there is nothing to compare with. */
  floor: number | null;
  /** Of ours to the floor; null without one. */
  ratio: number | null;
  /** The same by CPU: of the floor's to ours for one unit of work, PostgreSQL's included. Other work does not change it. */
  cpuRatio: number | null;
  unit: string;
  rounds: number;
  /** What it must be, in words. */
  reach: string;
  /** Whether it is; null: nothing is asked of it, or this machine cannot tell. */
  holds: boolean | null;
  /** What limits it, or how it was got. */
  note: string;
}

/** The middle of `values`; of an even number the mean of the two in the middle. @throws Error for none */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('there is no median of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return (lower + upper) / 2;
}

/** The value below which `share` (0..1) of the values lie. @throws Error for none */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('there is no percentile of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Rounds of ours and of the floor, in turn. */
export interface Rounds {
  ours: readonly number[];
  floor: readonly number[];
  /** CPU for one unit of work, microseconds. */
  cost: { ours: Cost; floor: Cost };
}

export interface Cost {
  serverUs: number;
  postgresUs: number;
}

/** What `compare` needs besides the rounds. */
export interface Terms {
  row: string;
  unit: string;
  /** Least ratio. */
  atLeast: number;
  note: string;
}

/**
 * The line of a row with a floor. The ratio is the median of the ratios of neighbouring rounds: what else the machine
 * does meanwhile slows both of a pair.
 */
export function compare({ ours, floor, cost }: Rounds, { row, unit, atLeast, note }: Terms): Figure {
  const ratio = median(ours.map((value, at) => value / (floor[at] ?? NaN)));
  return {
    row,
    ours: median(ours),
    floor: median(floor),
    ratio,
    cpuRatio: (cost.floor.serverUs + cost.floor.postgresUs) / (cost.ours.serverUs + cost.ours.postgresUs),
    unit,
    rounds: ours.length,
    reach: `≥ ${atLeast.toFixed(2)}`,
    holds: ratio >= atLeast,
    note: `${note}; CPU for one: gateway ${us(cost.ours.serverUs)} beside ${us(cost.floor.serverUs)} µs, PostgreSQL ${us(cost.ours.postgresUs)} beside ${us(cost.floor.postgresUs)} µs`,
  };
}

const us = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

/** The line of a figure that may not pass a bound. */
export function bound(figure: Pick<Figure, 'row' | 'ours' | 'unit' | 'rounds' | 'note'> & { atMost: number }): Figure {
  const { atMost, ...rest } = figure;
  return { ...rest, floor: null, ratio: null, cpuRatio: null, reach: `≤ ${atMost}`, holds: figure.ours <= atMost };
}
