const WINDOW_S = 60;
const SHARE = 0.1;
const MIN_RETRIES = 10;

/**
 * Retry budget of failover: how many submits may be sent to another upstream, 10 % of the last minute's submits and at least
 * 10. So failover adds little load where all upstreams fail.
 * @param nowMs a clock, ms
 */
export class RetryBudget {
  private readonly seconds: { at: number; submits: number; retries: number }[] = [];

  constructor(private readonly nowMs: () => number) {}

  /** Counts a submit; its retries do not count. */
  noteSubmit(): void {
    this.second().submits += 1;
  }

  /** Takes one retry; false: the budget is used up now. */
  take(): boolean {
    const second = this.second();
    const submits = this.seconds.reduce((sum, one) => sum + one.submits, 0);
    const retries = this.seconds.reduce((sum, one) => sum + one.retries, 0);
    if (retries >= Math.max(MIN_RETRIES, Math.floor(SHARE * submits))) return false;
    second.retries += 1;
    return true;
  }

  /** Gives back a retry that was taken and not made. */
  giveBack(): void {
    const taken = this.seconds.findLast(({ retries }) => retries > 0);
    if (taken !== undefined) taken.retries -= 1;
  }

  /** The counts of the running second; drops those that are more than a minute old. */
  private second(): { at: number; submits: number; retries: number } {
    const at = Math.floor(this.nowMs() / 1_000);
    const recent = this.seconds.findIndex((one) => one.at > at - WINDOW_S);
    this.seconds.splice(0, recent < 0 ? this.seconds.length : recent);
    const last = this.seconds.at(-1);
    if (last !== undefined && last.at >= at) return last;
    const fresh = { at, submits: 0, retries: 0 };
    this.seconds.push(fresh);
    return fresh;
  }
}
