import type { GoodReport } from './good-record.js';
import { faultsOf, tableOf, type Siege } from './verdict.js';

const report = (more: Partial<GoodReport> = {}): GoodReport => ({
  requests: 500,
  refusals: 0,
  examples: [],
  p50: 8,
  p99: 90,
  slowest: 'submit 120 ms',
  hookP95: 300,
  hooks: 20,
  hooksOwed: 0,
  ...more,
});

const siege = (more: Partial<Siege> = {}): Siege => ({
  name: 'brackets',
  about: 'Nothing but brackets.',
  seconds: 12,
  attacker: '3 × 400',
  good: report(),
  peakBytes: 400 * 1_048_576,
  leftTaken: [],
  readiness: 200,
  exit: null,
  ...more,
});

describe('the verdict on an attack', () => {
  it('is none where the good client saw nothing of it', () => {
    expect(faultsOf(siege())).toEqual([]);
  });

  it.each<[string, Partial<Siege>, RegExp]>([
    ['the process has ended', { exit: 'SIGKILL' }, /ended \(SIGKILL\)/],
    ['the good client was never answered', { good: report({ requests: 0 }) }, /no answer at all/],
    [
      'one request was refused',
      { good: report({ refusals: 1, examples: ['submit: 503'] }) },
      /1 refusals.*submit: 503/,
    ],
    ['answers came too late', { good: report({ p99: 1_001 }) }, /p99 .* 1001 ms/],
    ['hooks came too late', { good: report({ hookP95: 3_001 }) }, /hooks is 3001 ms/],
    ['something was not given back', { leftTaken: ['descriptors: 40 → 400'] }, /left taken: descriptors/],
    ['it is not ready any more', { readiness: 503 }, /ready answers 503/],
  ])('says so when %s', (_name, more, fault) => {
    expect(faultsOf(siege(more))).toEqual([expect.stringMatching(fault)]);
  });

  it('is a row of the table', () => {
    const table = tableOf([siege(), siege({ name: 'keys', exit: 'code 1' })], 'Head.');
    expect(table).toContain(
      '| `brackets`: Nothing but brackets. | 12 s | 500 | 0 | 8 / 90 ms | 300 ms | 400 MiB | held |',
    );
    expect(table).toContain('the process ended (code 1)');
  });
});
