import { cellOf, LONGEST_CELL } from './cell.js';

describe('a cell', () => {
  it.each([
    [null, 25, null],
    ['t', 16, true],
    ['f', 16, false],
    ['42', 23, 42],
    ['1.5', 701, 1.5],
    ['NaN', 701, 'NaN'],
    ['-Infinity', 700, '-Infinity'],
    ['9223372036854775807', 20, '9223372036854775807'],
    ['1.50', 1_700, '1.50'],
    ['2026-12-01 10:00:00.123456+00', 1_184, '2026-12-01T10:00:00.123456Z'],
    ['2026-12-01 10:00:00+02', 1_184, '2026-12-01T10:00:00+02:00'],
    ['2026-12-01 10:00:00+05:30', 1_184, '2026-12-01T10:00:00+05:30'],
    ['infinity', 1_184, 'infinity'],
    ['2026-12-01 10:00:00', 1_114, '2026-12-01T10:00:00'],
    ['2026-12-01', 1_082, '2026-12-01'],
    ['{a,b}', 1_009, '{a,b}'],
  ])('of %p and type %p is %p', (text, type, cell) => expect(cellOf(text, type)).toBe(cell));

  it('is cut where it is long', () => {
    expect(cellOf('x'.repeat(LONGEST_CELL), 25)).toHaveLength(LONGEST_CELL);
    expect(cellOf('x'.repeat(LONGEST_CELL + 1), 25)).toBe(`${'x'.repeat(LONGEST_CELL)}…`);
  });
});
