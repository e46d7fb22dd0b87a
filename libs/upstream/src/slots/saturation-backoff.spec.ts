import type { Outcome } from '../port/outcome.js';
import { UpstreamRests } from './saturation-backoff.js';

const FULL: Outcome = { kind: 'full' };
const NO_ACCOUNT: Outcome = { kind: 'nothing_done', fault: 'no_account' };
const ACCEPTED: Outcome = { kind: 'accepted', upstreamTaskIds: ['up-1'] };
const FAST = { mode: 'FAST', action: 'IMAGINE' };
const TURBO = { mode: 'TURBO', action: 'IMAGINE' };
const BOTH = [{ id: '1' }, { id: '2' }];

describe('UpstreamRests', () => {
  let now: number;
  let rests: UpstreamRests;
  beforeEach(() => {
    now = 0;
    rests = new UpstreamRests(() => now);
  });
  const awake = (work: typeof FAST | null = FAST): string[] => rests.awake(BOTH, work).map(({ id }) => id);

  it('leaves a full upstream alone for a second, and twice as long each time, up to 15 s', () => {
    for (const ms of [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
      rests.note('1', FAST, FULL);
      now += ms - 1;
      expect(awake()).toEqual(['2']);
      now += 1;
      expect(awake()).toEqual(['1', '2']);
    }
  });

  it('takes many refusals at once for one', () => {
    for (let i = 0; i < 50; i += 1) rests.note('1', FAST, FULL);
    now += 1_000;
    expect(awake()).toEqual(['1', '2']);
  });

  it('forgets it when the upstream takes work again', () => {
    rests.note('1', FAST, FULL);
    rests.note('1', FAST, ACCEPTED);
    expect(awake()).toEqual(['1', '2']);
    rests.note('1', FAST, FULL);
    now += 1_000;
    expect(awake()).toEqual(['1', '2']);
  });

  it('leaves one without an account alone for that work only', () => {
    rests.note('1', TURBO, NO_ACCOUNT);
    expect([awake(TURBO), awake(FAST), awake(null)]).toEqual([['2'], ['1', '2'], ['1', '2']]);
  });

  it('prefers, and forbids nothing: where all rest, all are asked', () => {
    rests.note('1', FAST, FULL);
    rests.note('2', FAST, FULL);
    expect(awake()).toEqual(['1', '2']);
    expect(rests.awake([], FAST)).toEqual([]);
  });

  it.each<Outcome>([
    { kind: 'nothing_done', fault: 'connect' },
    { kind: 'refused', code: 4, words: '' },
    { kind: 'unknown', fault: 'timeout' },
  ])('learns nothing from $kind', (outcome) => {
    rests.note('1', FAST, outcome);
    expect(awake()).toEqual(['1', '2']);
    rests.note('1', FAST, FULL);
    rests.note('1', FAST, outcome);
    expect(awake()).toEqual(['2']);
  });

  it('leaves one alone that says when to come back, also where no other is left, but for five minutes at most', () => {
    rests.note('1', FAST, { kind: 'full', retryAfterMs: 30_000 });
    rests.note('2', FAST, { kind: 'full', retryAfterMs: 86_400_000 });
    expect([awake(), awake(null), rests.isSilent('1')]).toEqual([[], [], true]);
    now += 29_999;
    expect(awake()).toEqual([]);
    now += 1;
    expect(awake()).toEqual(['1']);
    now += 270_000;
    expect(awake()).toEqual(['1', '2']);
  });

  it('comes back earlier to one that takes work again, and rests from one that says "now"', () => {
    rests.note('1', FAST, { kind: 'full', retryAfterMs: 30_000 });
    rests.note('1', FAST, ACCEPTED);
    expect(awake()).toEqual(['1', '2']);
    rests.note('1', FAST, { kind: 'full', retryAfterMs: 0 });
    expect(awake()).toEqual(['2']);
  });

  it('leaves one that does not serve such work alone for a minute, until its operator helps', () => {
    rests.note('1', FAST, { kind: 'nothing_done', fault: 'forbidden', reach: 'work' });
    now += 59_999;
    expect([awake(FAST), awake(TURBO)]).toEqual([['2'], ['1', '2']]);
    rests.forget('1');
    expect(awake(FAST)).toEqual(['1', '2']);
    rests.note('1', FAST, { kind: 'nothing_done', fault: 'forbidden', reach: 'task' });
    expect(awake(FAST)).toEqual(['1', '2']);
  });

  it('forgets one, and no other', () => {
    rests.note('1', FAST, FULL);
    rests.note('12', FAST, { kind: 'full', retryAfterMs: 30_000 });
    rests.forget('1');
    expect(rests.awake([{ id: '1' }, { id: '12' }], FAST)).toEqual([{ id: '1' }]);
  });
});
