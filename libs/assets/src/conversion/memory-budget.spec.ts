import { MemoryBudget } from './memory-budget.js';

describe('MemoryBudget', () => {
  it('grants what fits, and lets the rest wait in their order', async () => {
    const budget = new MemoryBudget(10);
    const granted: string[] = [];
    const take = async (name: string, bytes: number): Promise<() => void> => {
      const release = await budget.acquire(bytes);
      granted.push(name);
      return release;
    };
    const releaseFirst = await take('first', 6);
    const large = take('large', 8);
    const small = take('small', 1);
    await Promise.resolve();
    // The small one would fit, but so the large one might wait for ever.
    expect([granted, budget.taken]).toEqual([['first'], 6]);
    releaseFirst();
    const releases = await Promise.all([large, small]);
    expect([granted, budget.taken]).toEqual([['first', 'large', 'small'], 9]);
    for (const release of releases) release();
    expect(budget.taken).toBe(0);
  });

  it('takes a permit back once, however often it is given back', async () => {
    const budget = new MemoryBudget(10);
    const release = await budget.acquire(4);
    const other = await budget.acquire(3);
    release();
    release();
    expect(budget.taken).toBe(3);
    other();
  });

  it('refuses what it could never grant', async () => {
    await expect(new MemoryBudget(10).acquire(11)).rejects.toThrow(RangeError);
  });
});
