import { BodyShares } from './body-shares.js';

const NEVER = new AbortController().signal;
const shares = (): BodyShares => new BodyShares({ total: 100, share: 70, places: 5 });

describe('BodyShares', () => {
  it('keeps room for others where one owner takes all that they may', async () => {
    const all = shares();
    const greedy = await all.take('a', 70, NEVER);
    const more = all.take('a', 10, NEVER);
    const other = await all.take('b', 30, NEVER);
    expect(other).not.toBeNull();
    expect(all.inUse).toBe(100);
    greedy?.leave();
    expect(await more).not.toBeNull();
    expect(all.inUse).toBe(40);
  });

  it('bounds all owners together', async () => {
    const all = shares();
    const first = await all.take('a', 70, NEVER);
    const waiting = all.take('b', 60, NEVER);
    first?.shrinkTo(40);
    const second = await waiting;
    expect(all.inUse).toBe(100);
    first?.leave();
    second?.leave();
    expect(all).toMatchObject({ inUse: 0, ownerCount: 0 });
  });

  it('remembers nobody who left without getting in', async () => {
    const all = shares();
    const leaving = new AbortController();
    const first = await all.take('a', 70, NEVER);
    const [own, whole] = [all.take('a', 10, leaving.signal), all.take('b', 60, leaving.signal)];
    expect(all.ownerCount).toBe(2);
    // Both are in line by now.
    await Promise.resolve();
    leaving.abort();
    expect([await own, await whole]).toEqual([null, null]);
    first?.leave();
    expect(all).toMatchObject({ inUse: 0, ownerCount: 0 });
  });
});
