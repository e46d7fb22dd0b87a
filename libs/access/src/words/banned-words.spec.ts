import type { Database } from '#libs/database';
import { BannedWords } from './banned-words.js';

/** A list that can be changed, and how often it was asked for. */
function listOf(...first: string[]): { words: string[]; asked: number; fails: boolean; database: Database } {
  const list = {
    words: first,
    asked: 0,
    fails: false,
    database: {
      run: () => {
        list.asked += 1;
        return list.fails ? Promise.reject(new Error('away')) : Promise.resolve(list.words.map((word) => ({ word })));
      },
    } as unknown as Database,
  };
  return list;
}

describe('BannedWords', () => {
  it('bans nothing while the list is empty', async () => {
    expect(await new BannedWords(listOf().database).find('blood')).toBeNull();
  });

  it('asks for the list every five seconds, once for all who wait', async () => {
    let now = 1_000_000;
    const list = listOf('blood');
    const words = new BannedWords(list.database, () => now);
    expect(await Promise.all([words.find('cold blood'), words.find('a red fox')])).toEqual(['blood', null]);
    list.words = ['fox'];
    now += 4_999;
    expect(await words.find('blood of a fox')).toBe('blood');
    expect(list.asked).toBe(1);
    now += 1;
    expect(await words.find('blood of a fox')).toBe('fox');
    expect(list.asked).toBe(2);
  });

  it.each([2, -2])('asks no sooner and no later when the wall clock is set by %d h', async (hours) => {
    let monotonic = 0;
    const list = listOf('blood');
    const words = new BannedWords(list.database, () => monotonic);
    await words.find('cold blood');
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + hours * 3_600_000);
    await words.find('cold blood');
    expect(list.asked).toBe(1);
    monotonic += 5_000;
    await words.find('cold blood');
    expect(list.asked).toBe(2);
    jest.restoreAllMocks();
  });

  it('does not take a failure for an answer', async () => {
    const list = listOf('blood');
    const words = new BannedWords(list.database, () => 1_000_000);
    list.fails = true;
    await expect(words.find('blood')).rejects.toThrow('away');
    list.fails = false;
    expect(await words.find('blood')).toBe('blood');
  });
});
