import { KeyAttempts } from './key-attempts.js';

const HERE = '203.0.113.1';

describe('KeyAttempts', () => {
  let monotonic: number;
  let attempts: KeyAttempts;
  let looks: number;
  beforeEach(() => {
    monotonic = 0;
    looks = 0;
    attempts = new KeyAttempts({ points: 3, seconds: 60 }, () => monotonic);
  });

  /** Looks whose answers are given one by one. */
  function slow(): { look: () => Promise<string | null>; answer: (found: string | null) => Promise<void> } {
    const open: ((found: string | null) => void)[] = [];
    return {
      look: () => {
        looks += 1;
        return new Promise((resolve) => open.push(resolve));
      },
      answer: async (found) => {
        await turns();
        open.shift()?.(found);
        await turns();
      },
    };
  }

  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };

  const wrong = (): null => {
    looks += 1;
    return null;
  };

  it('looks nothing up once an address has tried too many, until its minute is over', async () => {
    for (let n = 0; n < 3; n += 1) expect(await attempts.try(HERE, wrong)).toBeNull();
    expect(await attempts.try(HERE, wrong)).toBe('refused');
    expect(looks).toBe(3);
    expect(attempts.retryAfter(HERE)).toBe(60);
    expect(await attempts.try('203.0.113.2', wrong)).toBeNull();
    monotonic += 60_000;
    expect(await attempts.try(HERE, wrong)).toBeNull();
  });

  it('takes nothing away for a right one, nor for a look-up that failed', async () => {
    for (let n = 0; n < 10; n += 1) {
      expect(await attempts.try(HERE, () => 'mine')).toBe('mine');
      await expect(attempts.try(HERE, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    }
    expect(await attempts.try(HERE, wrong)).toBeNull();
    expect(attempts.size).toBe(0);
  });

  it('has no more under way than are left, and the others wait', async () => {
    const { look, answer } = slow();
    const all = Array.from({ length: 10 }, () => attempts.try(HERE, look));
    await answer('right');
    expect(looks).toBe(4);
    for (let n = 0; n < 3; n += 1) await answer(null);
    expect(await Promise.all(all)).toEqual(['right', null, null, null, ...Array<string>(6).fill('refused')]);
    expect(looks).toBe(4);
    expect(attempts.size).toBe(0);
  });

  it('lets everybody in who has a right one, however many come at once', async () => {
    const { look, answer } = slow();
    const all = Array.from({ length: 100 }, () => attempts.try(HERE, look));
    for (let n = 0; n < 100; n += 1) await answer('right');
    expect(await Promise.all(all)).toEqual(Array<string>(100).fill('right'));
  });

  it('has a bounded number wait', async () => {
    const { look, answer } = slow();
    const all = Array.from({ length: 1_010 }, () => attempts.try(HERE, look));
    expect((await Promise.all(all.slice(-7))).every((found) => found === 'refused')).toBe(true);
    for (let n = 0; n < 3; n += 1) await answer(null);
    await Promise.all(all);
    expect(looks).toBe(3);
  });
});
