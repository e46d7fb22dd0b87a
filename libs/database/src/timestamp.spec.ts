import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { readTimestamp, ROW_TYPES } from './timestamp.js';

const driver = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => unknown;

describe('readTimestamp', () => {
  it.each([
    '2026-11-22 22:59:12+00',
    '2026-11-22 22:59:12.1+00',
    '2026-11-22 22:59:12.123+00',
    '2026-11-22 22:59:12.123456+00',
    '1969-12-31 23:59:59.999999+00',
    '2026-11-22 22:59:12.123456+05:30',
    '2026-11-22 22:59:12-08',
    '0044-03-15 12:00:00+00 BC',
    '12026-11-22 22:59:12+00',
    'infinity',
    '-infinity',
  ])('reads %s as the driver does', (text) => {
    expect(readTimestamp(text)).toEqual(driver(text));
  });

  it('is asked for timestamps only', () => {
    const { TIMESTAMPTZ, INT4 } = pg.types.builtins;
    expect(ROW_TYPES.getTypeParser(TIMESTAMPTZ, 'text')).toBe(readTimestamp);
    expect(ROW_TYPES.getTypeParser(INT4, 'text')).toBe(pg.types.getTypeParser(INT4, 'text'));
  });
});
