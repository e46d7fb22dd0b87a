import { describe, expect, it } from '@jest/globals';
import { jsonItems, plainArray, timeArray } from './sql-array.js';

describe('arrays for Postgres', () => {
  it('hold words, numbers and times', () => {
    expect(plainArray(['IN_PROGRESS', 7, null, '6240000000000001'])).toBe('{IN_PROGRESS,7,NULL,6240000000000001}');
    expect(timeArray([new Date(0), null])).toBe('{1970-01-01T00:00:00.000Z,NULL}');
    expect(plainArray([])).toBe('{}');
  });

  it.each(['', 'a,b', '{', '"', 'a b', 'NULL\n', '\\'])('reject an item that needs quotes: %p', (item) => {
    expect(() => plainArray([item])).toThrow('not a plain item');
  });

  it('of objects are their JSON', () => {
    expect(jsonItems([{ a: '"' }, null])).toEqual(['{"a":"\\""}', null]);
  });
});
