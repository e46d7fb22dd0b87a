/** What an upstream does with one request. `before` and `after`: whether the work was taken in. */
export type Fault =
  'none' | 'error_before' | 'error_after' | 'reset_before' | 'reset_after' | 'hang_before' | 'hang_after';

/** Shares of requests, 0 to 1; of each half goes wrong before the work is taken in, half after. */
export interface FaultRates {
  /** HTTP 500. */
  error: number;
  /** The connection is reset. */
  reset: number;
  /** No answer, ever. */
  hang: number;
}

export const NO_FAULTS: FaultRates = { error: 0, reset: 0, hang: 0 };

/** Chooses by a number of 0 <= chance < 1. @throws RangeError when the shares are more than everything */
export function chooseFault(rates: FaultRates, chance: number): Fault {
  const shares: readonly (readonly [Fault, number])[] = [
    ['error_before', rates.error / 2],
    ['error_after', rates.error / 2],
    ['reset_before', rates.reset / 2],
    ['reset_after', rates.reset / 2],
    ['hang_before', rates.hang / 2],
    ['hang_after', rates.hang / 2],
  ];
  if (shares.reduce((sum, [, share]) => sum + share, 0) > 1) throw new RangeError('the shares of faults exceed 1');
  let upTo = 0;
  for (const [fault, share] of shares) {
    upTo += share;
    if (chance < upTo) return fault;
  }
  return 'none';
}

/** Whether the work was taken in. */
export function takesIn(fault: Fault): boolean {
  return fault === 'none' || fault.endsWith('_after');
}
