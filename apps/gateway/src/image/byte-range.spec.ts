import { parseRange } from './byte-range.js';

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=0-99', 0, 99],
    ['bytes=10-', 10, 99],
    ['bytes=-1', 99, 99],
    ['bytes=-500', 0, 99],
    ['bytes=90-500', 90, 99],
    ['Bytes= 5-6 ', 5, 6],
  ])('%s of 100 bytes is %d to %d', (header, start, end) => {
    expect(parseRange(header, 100)).toEqual({ kind: 'part', span: { start, end } });
  });

  it.each(['bytes=100-', 'bytes=100-200', 'bytes=-0'])('%s cannot be satisfied', (header) => {
    expect(parseRange(header, 100)).toEqual({ kind: 'unsatisfiable' });
  });

  it.each([
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-4',
    'bytes=0-1,3-4',
    'items=0-1',
    'bytes=a-b',
    'bytes=1-99999999999999999999',
  ])('%s means the whole file', (header) => {
    expect(parseRange(header, 100)).toEqual({ kind: 'whole' });
  });
});
