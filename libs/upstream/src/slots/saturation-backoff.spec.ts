import type { Outcome } from '../port/outcome.js';
import { SaturationBackoff } from './saturation-backoff.js';

const FULL: Outcome = { kind: 'full' };
const NO_ACCOUNT: Outcome = { kind: 'nothing_done', fault: 'no_account' };
const ACCEPTED: Outcome = { kind: 'accepted', upstreamTaskIds: ['up-1'] };
const FAST = { mode: 'FAST', action: 'IMAGINE' };
const TURBO = { mode: 'TURBO', action: 'IMAGINE' };
const BOTH = [{ id: '1' }, { id: '2' }];

describe('SaturationBackoff', () => {
  let now: number;
  let backoff: SaturationBackoff;
  beforeEach(() => {
    now = 0;
    backoff = new SaturationBackoff(() => now);
  });
  const available = (work: typeof FAST | null = FAST): string[] => backoff.available(BOTH, work).map(({ id }) => id);

  it('leaves a full upstream alone for a second, and twice as long each time, up to 15 s', () => {
    for (const ms of [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
      backoff.note('1', FAST, FULL);
      now += ms - 1;
      expect(available()).toEqual(['2']);
      now += 1;
      expect(available()).toEqual(['1', '2']);
    }
  });

  it('takes many refusals at once for one', () => {
    for (let i = 0; i < 50; i += 1) backoff.note('1', FAST, FULL);
    now += 1_000;
    expect(available()).toEqual(['1', '2']);
  });

  it('forgets it when the upstream takes work again', () => {
    backoff.note('1', FAST, FULL);
    backoff.note('1', FAST, ACCEPTED);
    expect(available()).toEqual(['1', '2']);
    backoff.note('1', FAST, FULL);
    now += 1_000;
    expect(available()).toEqual(['1', '2']);
  });

  it('leaves one without an account alone for that work only', () => {
    backoff.note('1', TURBO, NO_ACCOUNT);
    expect([available(TURBO), available(FAST), available(null)]).toEqual([['2'], ['1', '2'], ['1', '2']]);
  });

  it('prefers, and forbids nothing: where all rest, all are asked', () => {
    backoff.note('1', FAST, FULL);
    backoff.note('2', FAST, FULL);
    expect(available()).toEqual(['1', '2']);
    expect(backoff.available([], FAST)).toEqual([]);
  });

  it.each<Outcome>([
    { kind: 'nothing_done', fault: 'connect' },
    { kind: 'refused', code: 4, words: '' },
    { kind: 'unknown', fault: 'timeout' },
  ])('learns nothing from $kind', (outcome) => {
    backoff.note('1', FAST, outcome);
    expect(available()).toEqual(['1', '2']);
    backoff.note('1', FAST, FULL);
    backoff.note('1', FAST, outcome);
    expect(available()).toEqual(['2']);
  });

  it('leaves one alone that says when to come back, also where no other is left, but for five minutes at most', () => {
    backoff.note('1', FAST, { kind: 'full', retryAfterMs: 30_000 });
    backoff.note('2', FAST, { kind: 'full', retryAfterMs: 86_400_000 });
    expect([available(), available(null), backoff.isToldToWait('1')]).toEqual([[], [], true]);
    now += 29_999;
    expect(available()).toEqual([]);
    now += 1;
    expect(available()).toEqual(['1']);
    now += 270_000;
    expect(available()).toEqual(['1', '2']);
  });

  it('comes back earlier to one that takes work again, and backoff from one that says "now"', () => {
    backoff.note('1', FAST, { kind: 'full', retryAfterMs: 30_000 });
    backoff.note('1', FAST, ACCEPTED);
    expect(available()).toEqual(['1', '2']);
    backoff.note('1', FAST, { kind: 'full', retryAfterMs: 0 });
    expect(available()).toEqual(['2']);
  });

  it('leaves one that does not serve such work alone for a minute, until its operator helps', () => {
    backoff.note('1', FAST, { kind: 'nothing_done', fault: 'forbidden', scope: 'work' });
    now += 59_999;
    expect([available(FAST), available(TURBO)]).toEqual([['2'], ['1', '2']]);
    backoff.forget('1');
    expect(available(FAST)).toEqual(['1', '2']);
    backoff.note('1', FAST, { kind: 'nothing_done', fault: 'forbidden', scope: 'task' });
    expect(available(FAST)).toEqual(['1', '2']);
  });

  it('forgets one, and no other', () => {
    backoff.note('1', FAST, FULL);
    backoff.note('12', FAST, { kind: 'full', retryAfterMs: 30_000 });
    backoff.forget('1');
    expect(backoff.available([{ id: '1' }, { id: '12' }], FAST)).toEqual([{ id: '1' }]);
  });
});
