import { ConsecutiveBreaker, type IBreaker } from 'cockatiel';

const FAILURES_IN_A_ROW = 5;
const SHARE = 0.5;
const FEWEST_CALLS = 10;
const WINDOW_S = 10;

/**
 * The rule that opens an upstream's circuit: 5 failures in a row, or failures of at least half of at least 10 calls in 10 s.
 * @param nowMs a clock, ms
 */
export class BreakerRule {
  private readonly inARow = new ConsecutiveBreaker(FAILURES_IN_A_ROW);
  private readonly share: ShareBreaker;

  constructor(nowMs: () => number) {
    this.share = new ShareBreaker(nowMs);
  }

  success(): void {
    this.inARow.success();
    this.share.success();
  }

  /** Counts a failure. True: the circuit is to open. */
  failure(): boolean {
    const isRow = this.inARow.failure();
    return this.share.failure() || isRow;
  }
}

interface Second {
  at: number;
  failed: number;
  calls: number;
}

/**
 * The share of failures within ten seconds, counted by second. cockatiel's own SamplingBreaker moves its window only when it
 * is called, so that ten calls an hour would count as ten calls in 10 s; and it opens above the share, not at it.
 */
class ShareBreaker implements IBreaker {
  state: Second[] = [];

  constructor(private readonly nowMs: () => number) {}

  success(): void {
    this.second().calls += 1;
  }

  failure(): boolean {
    const second = this.second();
    second.calls += 1;
    second.failed += 1;
    const calls = this.state.reduce((sum, one) => sum + one.calls, 0);
    const failed = this.state.reduce((sum, one) => sum + one.failed, 0);
    return calls >= FEWEST_CALLS && failed >= SHARE * calls;
  }

  /** The counts of the running second; drops those that have left the window. */
  private second(): Second {
    const at = Math.floor(this.nowMs() / 1_000);
    this.state = this.state.filter((one) => one.at > at - WINDOW_S && one.at <= at);
    const last = this.state.at(-1);
    if (last?.at === at) return last;
    const fresh = { at, failed: 0, calls: 0 };
    this.state.push(fresh);
    return fresh;
  }
}
