import type { KeptFile } from '../keep/asset-table.js';
import { quarter, regionOf } from './grid-layout.js';
import { etagOf, recipeFor, roundWidth, type VariantRequest } from './picture-variant.js';

const source: KeptFile = {
  file: '2026/11/22/6240000000000001-0.png',
  contentType: 'image/png',
  bytes: 1_000,
  width: 2_000,
  height: 1_001,
  sha256: Buffer.alloc(32, 7),
};
const asIs: VariantRequest = { cell: null, width: null, format: null };

describe('variants', () => {
  it.each([
    [1, 128],
    [128, 128],
    [129, 256],
    [700, 1_024],
    [2_048, 2_048],
    [2_049, null],
  ])('rounds a width of %d px up to %p', (asked, made) => {
    expect(roundWidth(asked)).toBe(made);
  });

  it('cuts a picture into four parts that leave no pixel out', () => {
    const parts = ([1, 2, 3, 4] as const).map((n) => regionOf({ width: 2_000, height: 1_001 }, quarter(n)));
    expect(parts).toEqual([
      { left: 0, top: 0, width: 1_000, height: 500 },
      { left: 1_000, top: 0, width: 1_000, height: 500 },
      { left: 0, top: 500, width: 1_000, height: 501 },
      { left: 1_000, top: 500, width: 1_000, height: 501 },
    ]);
  });

  it('makes nothing where the kept file will do', () => {
    expect(recipeFor(source, asIs)).toBeNull();
    expect(recipeFor(source, { ...asIs, width: 2_048 })).toBeNull();
    expect(recipeFor(source, { ...asIs, format: 'png' })).toBeNull();
    expect(recipeFor({ ...source, contentType: 'video/mp4', width: null, height: null }, asIs)).toBeNull();
  });

  it('never enlarges, and names each variant', () => {
    expect(recipeFor(source, { ...asIs, width: 512 })).toMatchObject({ suffix: 'w512', type: 'image/png', width: 512 });
    expect(recipeFor(source, { cell: quarter(2), width: 1_024, format: 'webp' })).toMatchObject({
      suffix: 'crop2',
      type: 'image/webp',
      width: null,
    });
    expect(recipeFor(source, { ...asIs, format: 'jpeg' })).toMatchObject({ suffix: 'full', type: 'image/jpeg' });
    expect(recipeFor({ ...source, contentType: 'image/avif' }, { ...asIs, width: 128 })).toMatchObject({
      type: 'image/webp',
    });
  });

  it('has an ETag for each', () => {
    const recipes = [
      asIs,
      { ...asIs, width: 512 },
      { ...asIs, width: 512, format: 'webp' },
      { ...asIs, cell: quarter(1) },
    ] as const;
    const etags = recipes.map((request) => etagOf(source, recipeFor(source, request)));
    expect(new Set(etags).size).toBe(recipes.length);
    for (const etag of etags) expect(etag).toMatch(/^"[\x21\x23-\x7e]+"$/);
  });
});
