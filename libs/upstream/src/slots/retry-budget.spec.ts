import { RetryBudget } from './retry-budget.js';

let now: number;
let budget: RetryBudget;
beforeEach(() => {
  now = 0;
  budget = new RetryBudget(() => now);
});

function submits(n: number): void {
  for (let at = 0; at < n; at += 1) budget.noteSubmit();
}

/** Takes all there is. */
function drain(): number {
  let taken = 0;
  while (budget.take()) taken += 1;
  return taken;
}

describe('a retry budget', () => {
  it.each([
    [0, 10],
    [50, 10],
    [109, 10],
    [110, 11],
    [1_000, 100],
  ])('of %i submits is %i', (n, tries) => {
    submits(n);
    expect(drain()).toBe(tries);
  });

  it('is of the last minute', () => {
    submits(1_000);
    now += 59_999;
    expect(drain()).toBe(100);
    now += 1;
    // The submits are forgotten; what was taken is not.
    expect(drain()).toBe(0);
    now += 60_000;
    expect(drain()).toBe(10);
  });

  it('comes back as its tries get old, not all at once', () => {
    for (let at = 0; at < 10; at += 1) {
      expect(budget.take()).toBe(true);
      now += 1_000;
    }
    expect(budget.take()).toBe(false);
    now = 60_000;
    expect([budget.take(), budget.take()]).toEqual([true, false]);
    now += 1_000;
    expect([budget.take(), budget.take()]).toEqual([true, false]);
  });

  it('has a try again that was not made, even a second later', () => {
    expect(drain()).toBe(10);
    now += 1_000;
    budget.giveBack();
    expect(drain()).toBe(1);
  });

  it('never has more than there are', () => {
    budget.giveBack();
    expect(drain()).toBe(10);
  });

  it('goes on with a clock that is set back', () => {
    now = 100_000;
    submits(200);
    now = 50_000;
    expect(drain()).toBe(20);
  });
});
