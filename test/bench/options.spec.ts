import { readOptions } from './options.js';

const KNOWN = ['fetch', 'submit', 'poll'];

describe('options of the bench', () => {
  it('are every row and the usual rounds where nothing is asked for', () => {
    expect(readOptions([], KNOWN)).toEqual({
      rows: KNOWN,
      quick: false,
      full: false,
      json: false,
      write: false,
      profile: null,
    });
  });

  it('name rows, which keep the order of the table', () => {
    expect(readOptions(['poll', 'fetch', '--quick'], KNOWN)).toMatchObject({ rows: ['fetch', 'poll'], quick: true });
  });

  it('refuse what is not there', () => {
    expect(() => readOptions(['fetsch'], KNOWN)).toThrow('no row fetsch; there are fetch, submit, poll');
    expect(() => readOptions(['--fast'], KNOWN)).toThrow();
    expect(() => readOptions(['--quick', '--full'], KNOWN)).toThrow('exclude');
  });
});
