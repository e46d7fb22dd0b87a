import { aSnapshot } from '../test/a-snapshot.js';
import { mostAdvanced, reachOf } from './recent-tasks.js';

const NOW = Date.UTC(2026, 10, 6, 12);
const at = (secondsAgo: number | null): ReturnType<typeof aSnapshot> =>
  aSnapshot({ submitTime: secondsAgo === null ? null : NOW - 1_000 * secondsAgo });

describe('how far back a list reaches', () => {
  it.each([
    ['the newest first', [0, 5, 60], 60],
    ['some of one moment by their ids', [0, 60, 55, 70], 70],
    ['one without a time between', [0, null, 60], 60],
  ])('%s: to its oldest', (_, ages, oldest) => {
    expect(reachOf(ages.map(at))).toBe(NOW - 1_000 * oldest);
  });

  it.each([
    ['the oldest first: the page may end before the newest', [600, 60, 5]],
    ['in no order', [5, 600, 0]],
    ['without times', [null, null]],
    ['nothing', []],
  ])('%s: it proves nothing', (_, ages) => {
    expect(reachOf(ages.map(at))).toBe(Infinity);
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
