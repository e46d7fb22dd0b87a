/** Failures this close together are one outage, ms, so that something that fails and works by turns is logged once. */
const QUIET_MS = 3_000;

/** Logs once that an outage began and once that it ended, however often failures and successes are seen. */
export class OutageLog {
  private beganAt: number | null = null;
  private lastFailureAt = 0;

  /** @param clock ms */
  constructor(
    private readonly lines: { began: (why: string) => void; ended: (seconds: number) => void },
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** @param why the class of the failure: no address, nothing of what was asked */
  failed(why: string): void {
    this.lastFailureAt = this.clock();
    if (this.beganAt !== null) return;
    this.beganAt = this.lastFailureAt;
    this.lines.began(why);
  }

  /** Cheap enough for every statement: while all is well it only looks at one field. */
  worked(): void {
    if (this.beganAt === null || this.clock() - this.lastFailureAt < QUIET_MS) return;
    const seconds = Math.round((this.lastFailureAt - this.beganAt) / 1_000);
    this.beganAt = null;
    this.lines.ended(seconds);
  }
}
