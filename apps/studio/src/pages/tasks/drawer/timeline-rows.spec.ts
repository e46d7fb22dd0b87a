import type { TimelineLine } from './dossier.ts';
import { sumOfCredits } from './ledger-sum.ts';
import { detailParts, timelineRows } from './timeline-rows.ts';

const START = Date.parse('2026-12-01T12:00:00.000Z');

function line(kind: string, seconds: number, progress = 0): TimelineLine {
  const at = new Date(START + seconds * 1_000).toISOString();
  return { at, version: seconds, kind, source: 'poller', status: 'IN_PROGRESS', progress, detail: {} };
}

describe('timelineRows', () => {
  it('tells the gap before each event', () => {
    const rows = timelineRows([line('opened', 0), line('accepted', 1.5), line('succeeded', 10)]);
    expect(rows.map(({ first, gap }) => [first.kind, gap])).toEqual([
      ['opened', null],
      ['accepted', 1.5],
      ['succeeded', 8.5],
    ]);
  });

  it('folds a long run of progress, and counts the gap after it from its end', () => {
    const rows = timelineRows([
      line('accepted', 0),
      line('progress', 2, 6),
      line('progress', 4, 46),
      line('progress', 6, 93),
      line('succeeded', 7),
    ]);
    expect(rows.map(({ first, last, count, gap }) => [first.progress, last.progress, count, gap])).toEqual([
      [0, 0, 1, null],
      [6, 93, 3, 2],
      [0, 0, 1, 1],
    ]);
  });

  it('leaves a short run as it is', () => {
    expect(timelineRows([line('progress', 1), line('progress', 2)])).toHaveLength(2);
  });
});

describe('detailParts', () => {
  it('leaves out what says nothing', () => {
    expect(detailParts({ why: 'full', left: 0, waiting: true, isProven: false, note: '', upstreamId: null })).toEqual([
      'why full',
      'left 0',
      'waiting',
    ]);
  });

  it('uses words for names and values where there are any', () => {
    const worded = (name: string, text: string): string => (name === 'failCode' ? 'Timed out' : text);
    expect(detailParts({ failCode: 'timeout', more: [1] }, { failCode: 'failure:' }, worded)).toEqual([
      'failure: Timed out',
      'more [1]',
    ]);
  });
});

describe('sumOfCredits', () => {
  it('is exact where floating point is not', () => {
    expect(sumOfCredits(['0.100000', '0.200000', '-0.300000'])).toBe('0.000000');
    expect(sumOfCredits(['-0.100000', '-0.000001'])).toBe('-0.100001');
  });
});
