import fc from 'fast-check';
import { layoutFor, layoutOf, regionOf } from './grid-layout.js';

describe('the layout of a grid that came as one picture', () => {
  it.each([
    [4, 2_048, 2_048, 1, '2x2'],
    [4, 2_912, 1_632, 16 / 9, '2x2'],
    [4, 100, 900, 1, '2x2'],
    [3, 2_048, 2_048, 1, '2x2'],
    [24, 3_072, 2_048, 1, '6x4'],
    [24, 2_048, 3_072, 1, '4x6'],
    [24, 4_096, 1_536, 1, '8x3'],
    [24, 6 * 592, 4 * 336, 16 / 9, '6x4'],
    [24, 4 * 336, 6 * 592, 9 / 16, '4x6'],
    [2, 2_048, 1_024, 1, '2x1'],
    [2, 1_024, 2_048, 1, '1x2'],
    [9, 900, 900, 1, '3x3'],
  ])('%i pictures on %i×%i, each of the shape %d, are %s', (count, width, height, aspect, layout) => {
    const found = layoutOf(count, { width, height }, aspect);
    expect(`${found?.columns}x${found?.rows}`).toBe(layout);
  });

  it.each([
    [24, 2_048, 2_048, 1],
    [2, 1_024, 1_024, 1],
    [5, 1_024, 1_024, 1],
    [24, 3_072, 2_048, 16 / 9],
  ])('is unknown of %i pictures on %i×%i where none gives each the shape %d', (count, width, height, aspect) => {
    expect(layoutOf(count, { width, height }, aspect)).toBeNull();
  });
});

it.each([
  [1, '1x1'],
  [2, '2x1'],
  [3, '2x2'],
  [4, '2x2'],
  [5, '3x2'],
  [6, '3x2'],
  [9, '3x3'],
  [12, '4x3'],
  [24, '6x4'],
])('%i pictures are put together as %s', (count, layout) => {
  const { columns, rows } = layoutFor(count);
  expect(`${columns}x${rows}`).toBe(layout);
});

it('every number of pictures has a layout with room for each, and no row of empty places', () => {
  for (let count = 1; count <= 64; count += 1) {
    const { columns, rows } = layoutFor(count);
    expect(columns * rows).toBeGreaterThanOrEqual(count);
    expect(columns * (rows - 1)).toBeLessThan(count);
    expect(columns).toBeGreaterThanOrEqual(rows);
  }
});

it('the parts of a picture cover each of its pixels once', () => {
  const sides = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(
      sides,
      sides,
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      (width, height, columns, rows) => {
        const covered = new Array<number>(width * height).fill(0);
        for (let n = 1; n <= columns * rows; n += 1) {
          const part = regionOf({ width, height }, { n, columns, rows });
          for (let y = part.top; y < part.top + part.height; y += 1) {
            for (let x = part.left; x < part.left + part.width; x += 1)
              covered[y * width + x] = (covered[y * width + x] ?? 0) + 1;
          }
        }
        expect(new Set(covered)).toEqual(new Set([1]));
      },
    ),
    { numRuns: 50 },
  );
});
