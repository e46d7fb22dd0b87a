import { retryAfter } from './retry-after.js';

describe('retryAfter', () => {
  const now = new Date('2026-11-22T12:00:00Z');

  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['999999999999999999999', 3_600_000],
    ['Sun, 22 Nov 2026 12:01:30 GMT', 90_000],
    ['Sunday, 22-Nov-26 12:00:30 GMT', 30_000],
    ['Sun Nov 22 12:00:10 2026', 10_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['Fri, 01 Jan 2100 00:00:00 GMT', 3_600_000],
  ])('%p asks for %d ms', (header, ms) => {
    expect(retryAfter(header, now)).toBe(ms);
  });

  it.each([undefined, '', '-1', '1e12', '1.5', 'soon', 'Sun, 99 Nov 2026 99:00:00 GMT', '2026-11-22'])(
    'does not read %p',
    (header) => {
      expect(retryAfter(header, now)).toBeNull();
    },
  );
});
