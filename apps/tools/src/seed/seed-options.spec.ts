import { readSeedOptions } from './seed-options.js';

describe('options of the seed', () => {
  it('have defaults', () => {
    expect(readSeedOptions([])).toEqual({ tasks: 100_000, days: 90, force: false });
  });

  it('are read', () => {
    const args = ['--tasks', '1000000', '--days', '30', '--force'];
    expect(readSeedOptions(args)).toEqual({ tasks: 1_000_000, days: 30, force: true });
  });

  it.each([['--tasks', '0'], ['--tasks', '1e99'], ['--days', 'x'], ['--what'], ['1000']])('refuse %s %s', (...args) => {
    expect(() => readSeedOptions(args)).toThrow();
  });
});
