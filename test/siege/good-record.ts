/** What the good client saw in one span of time. */
export interface GoodReport {
  requests: number;
  /** Answers that were none, or not what a good client must get; the first few, in words. */
  refusals: number;
  examples: readonly string[];
  /** Of all requests, ms. */
  p50: number;
  p99: number;
  slowest: string;
  /** From the end of a task to the arrival of its hook, p95 in ms. */
  hookP95: number;
  hooks: number;
  /** Ends of tasks that the receiver has not been told of yet. */
  hooksOwed: number;
}

const KEPT_EXAMPLES = 5;

/** Gathers what the good client sees; `take` begins a new span. */
export class GoodRecord {
  private times: number[] = [];
  private hookTimes: number[] = [];
  private refusals = 0;
  private examples: string[] = [];
  private slowest = { ms: 0, kind: '' };
  private readonly owed = new Set<string>();

  answered(kind: string, ms: number, refusal: string | null): void {
    this.times.push(ms);
    if (ms > this.slowest.ms) this.slowest = { ms, kind };
    if (refusal !== null) this.refused(refusal);
  }

  refused(what: string): void {
    this.refusals += 1;
    if (this.examples.length < KEPT_EXAMPLES) this.examples.push(what);
  }

  hookExpected(taskId: string): void {
    this.owed.add(taskId);
  }

  /** @param ms since the task ended */
  hookArrived(taskId: string, ms: number): void {
    if (this.owed.delete(taskId)) this.hookTimes.push(ms);
  }

  take(): GoodReport {
    const report: GoodReport = {
      requests: this.times.length,
      refusals: this.refusals,
      examples: this.examples,
      p50: percentile(this.times, 0.5),
      p99: percentile(this.times, 0.99),
      slowest: `${this.slowest.kind} ${Math.round(this.slowest.ms)} ms`,
      hookP95: percentile(this.hookTimes, 0.95),
      hooks: this.hookTimes.length,
      hooksOwed: this.owed.size,
    };
    this.times = [];
    this.hookTimes = [];
    this.refusals = 0;
    this.examples = [];
    this.slowest = { ms: 0, kind: '' };
    return report;
  }
}

/** The value below which this share of the values lies, rounded; 0 for none. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0);
}
