import fc from 'fast-check';
import { aSnapshot } from '../../test/a-snapshot.js';
import { mostAdvanced, reachesBackTo } from './recent-tasks.js';
import type { Snapshot } from './snapshot.js';

const NOW = Date.UTC(2026, 10, 6, 12);
const at = (secondsAgo: number | null): ReturnType<typeof aSnapshot> =>
  aSnapshot({ submitTime: secondsAgo === null ? null : NOW - 1_000 * secondsAgo });

describe('how far back a list reaches', () => {
  it.each([
    ['the newest first', [0, 5, 60], 60],
    ['some of one moment by their ids', [0, 60, 55, 70], 70],
    ['one without a time between', [0, null, 60], 60],
  ])('%s: to its oldest', (_, ages, oldest) => {
    expect(reachesBackTo(ages.map(at))).toBe(NOW - 1_000 * oldest);
  });

  it.each([
    ['the oldest first: the page may end before the newest', [600, 60, 5]],
    ['in no order', [5, 600, 0]],
    ['without times', [null, null]],
    ['nothing', []],
  ])('%s: it proves nothing', (_, ages) => {
    expect(reachesBackTo(ages.map(at))).toBe(Infinity);
  });
});

describe('a task that is shown twice', () => {
  it.each([
    ['a status that is further on', { status: 'SUCCESS' }, { status: 'IN_PROGRESS', progress: 60 }],
    ['an end', { status: 'FAILURE' }, { status: 'SUBMITTED' }],
    ['a success', { status: 'SUCCESS' }, { status: 'FAILURE', progress: 100 }],
    ['any word that is known', { status: 'NOT_START' }, { status: null, progress: 50 }],
    ['more progress', { progress: 60 }, { progress: 20 }],
    ['some progress', { progress: 0 }, { progress: null }],
    [
      'a result, where both have ended',
      { status: 'SUCCESS', progress: null, imageUrl: 'https://a.example/1.png' },
      { status: 'SUCCESS', progress: 100 },
    ],
    ['a text that was found', { status: 'SUCCESS', promptEn: '1️⃣ a fox' }, { status: 'SUCCESS', progress: 100 }],
  ] as const)('is as it is furthest on, whatever comes last: %s', (_, further, behind) => {
    const [one, other] = [aSnapshot(further), aSnapshot(behind)];
    expect(mostAdvanced([one, other])).toEqual([one]);
    expect(mostAdvanced([other, one])).toEqual([one]);
  });

  it('keeps the place where it came first', () => {
    const shown = ['a', 'b', 'a', 'c'].map((upstreamTaskId, progress) => aSnapshot({ upstreamTaskId, progress }));
    expect(mostAdvanced(shown).map(({ upstreamTaskId, progress }) => [upstreamTaskId, progress])).toEqual([
      ['a', 2],
      ['b', 1],
      ['c', 3],
    ]);
  });
});

describe('a list in whatever order, with whatever repeats', () => {
  const WORDS = [null, 'NOT_START', 'MODAL', 'SUBMITTED', 'IN_PROGRESS', 'CANCEL', 'FAILURE', 'SUCCESS'] as const;
  const SEEN = fc.record({
    upstreamTaskId: fc.constantFrom('a', 'b', 'c'),
    status: fc.constantFrom(...WORDS),
    progress: fc.option(fc.integer({ min: 0, max: 100 })),
    imageUrl: fc.option(fc.constant('https://a.example/1.png')),
    imageUrls: fc.array(fc.constantFrom('https://a.example/2.png', null), { maxLength: 4 }),
    finalPrompt: fc.constantFrom('', 'a fox'),
  });
  /** How far on a task is: the later of two differs from the earlier in the first number that does. */
  const standing = ({ status, progress, imageUrl, imageUrls, finalPrompt }: Snapshot): number[] => {
    const isOver = status === 'SUCCESS' || status === 'FAILURE' || status === 'CANCEL';
    const seen = [imageUrl, ...imageUrls].filter((url) => url !== null).length + (finalPrompt === '' ? 0 : 1);
    return [WORDS.indexOf(status), isOver ? 0 : (progress ?? -1), seen];
  };
  const compare = (one: readonly number[], other: readonly number[]): number => {
    const at = one.findIndex((number, place) => number !== other[place]);
    return at === -1 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
  };
  const LIST = fc.array(SEEN.map(aSnapshot), { maxLength: 24 });
  const best = (list: readonly Snapshot[], id: string): number[] | undefined =>
    list
      .filter(({ upstreamTaskId }) => upstreamTaskId === id)
      .map(standing)
      .sort(compare)
      .at(-1);

  it('shows each task once, as it is furthest on', () => {
    fc.assert(
      fc.property(LIST, (list) => {
        const shown = mostAdvanced(list);
        const ids = shown.map(({ upstreamTaskId }) => upstreamTaskId);
        expect(ids).toEqual([...new Set(list.map(({ upstreamTaskId }) => upstreamTaskId))]);
        for (const snapshot of shown) {
          expect(list).toContain(snapshot);
          expect(standing(snapshot)).toEqual(best(list, snapshot.upstreamTaskId));
        }
      }),
    );
  });

  it('shows the same however it is shuffled, repeated, or read in parts', () => {
    const shuffled = LIST.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length }),
        fc.nat(list.length * 2),
      ),
    );
    const standings = (list: readonly Snapshot[]): Record<string, number[]> =>
      Object.fromEntries(mostAdvanced(list).map((snapshot) => [snapshot.upstreamTaskId, standing(snapshot)]));
    fc.assert(
      fc.property(shuffled, ([list, other, cut]) => {
        expect(standings(other)).toEqual(standings(list));
        const inParts = mostAdvanced([...mostAdvanced(other.slice(0, cut)), ...mostAdvanced(other.slice(cut))]);
        expect(standings(inParts)).toEqual(standings(list));
      }),
    );
  });
});
