/** A few pieces of work at once and a short queue behind them; what finds no place is refused, not put off. */
export class ConversionQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly maxRunning: number,
    private readonly maxWaiting: number,
  ) {}

  /** The work's result; null when there is no place, and then the work was not begun. */
  async run<T>(work: () => Promise<T>): Promise<T | null> {
    if (this.running < this.maxRunning) this.running += 1;
    else if (this.waiting.length >= this.maxWaiting) return null;
    // Whoever ends hands its place on, so `running` stays as it is.
    else await new Promise<void>((begin) => this.waiting.push(begin));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
