const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Fires once an hour, from a given minute of each hour on; also after the clock was set to another hour. */
export class Hourly {
  private hour: number;

  /** @param now the database's time, so that all replicas mean the same hour. The running hour counts as done. */
  constructor(
    private readonly minute: number,
    private readonly now: () => Date,
  ) {
    this.hour = this.current();
  }

  /** True for the first call in an hour. */
  isTime(): boolean {
    const hour = this.current();
    const isNew = hour !== this.hour;
    this.hour = hour;
    return isNew;
  }

  private current(): number {
    return Math.floor((this.now().getTime() - this.minute * MINUTE_MS) / HOUR_MS);
  }
}
