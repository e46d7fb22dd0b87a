import type { KeptFile } from '../keep/asset-table.js';
import { PICTURE_TYPES, type PictureType } from '../format/picture-type.js';
import { regionOf, type GridCell } from './grid-layout.js';

/** Widths of variants, px; others are rounded up, so that a picture has few variants. */
export const VARIANT_WIDTHS = [128, 256, 512, 1024, 2048] as const;
export type VariantWidth = (typeof VARIANT_WIDTHS)[number];

export const VARIANT_FORMATS = ['webp', 'jpeg', 'png'] as const;
export type VariantFormat = (typeof VARIANT_FORMATS)[number];

/** A client's request for a variant; null: as the picture is. */
export interface VariantRequest {
  /** The picture of a grid that is cut out; null: all of it. */
  cell: GridCell | null;
  width: VariantWidth | null;
  format: VariantFormat | null;
}

/** How to make a variant out of a kept picture. */
export interface Recipe {
  /** Distinguishes the variants of one picture in file names and ETags. */
  suffix: string;
  type: PictureType;
  /** The part to cut out; null: all of the picture. */
  cell: GridCell | null;
  /** px; null: the width of the part. */
  width: number | null;
}

/** The width of the variant for `asked` px; null beyond the largest. */
export function roundWidth(asked: number): VariantWidth | null {
  return VARIANT_WIDTHS.find((width) => width >= asked) ?? null;
}

/**
 * The recipe for a request; null when the kept file itself fulfils it. Nothing is ever enlarged. Without a requested
 * format PNG, JPEG and WebP keep theirs, GIF and AVIF become WebP.
 */
export function recipeFor(source: KeptFile, request: VariantRequest): Recipe | null {
  if (source.width === null || source.height === null) return null;
  const size = { width: source.width, height: source.height };
  const region = request.cell === null ? null : regionOf(size, request.cell);
  if (region !== null && (region.width === 0 || region.height === 0)) return null;
  const width = request.width !== null && request.width < (region ?? size).width ? request.width : null;
  const isSame = request.format === null || source.contentType === typeOf(request.format);
  if (region === null && width === null && isSame) return null;
  const suffix = [request.cell === null ? [] : cropName(request.cell), width === null ? [] : `w${width}`].flat();
  return {
    suffix: suffix.join('-') || 'full',
    type: outputType(source.contentType, request.format),
    cell: request.cell,
    width,
  };
}

/** Strong ETag of a kept picture or of one of its variants: the hash of the kept bytes and the recipe's suffix. */
export function etagOf(source: KeptFile, recipe: Recipe | null): string {
  const hash = source.sha256.toString('hex').slice(0, 32);
  return recipe === null ? `"${hash}"` : `"${hash}-${recipe.suffix}-${PICTURE_TYPES[recipe.type].extension}"`;
}

/** `crop3` of a grid of four, `crop3of6x4` of another. */
function cropName({ n, columns, rows }: GridCell): string {
  return columns === 2 && rows === 2 ? `crop${n}` : `crop${n}of${columns}x${rows}`;
}

function typeOf(format: VariantFormat): PictureType {
  return `image/${format}`;
}

/** The type of a variant: the requested format, else that of the source if variants can have it, else WebP. */
export function outputType(source: PictureType, format: VariantFormat | null): PictureType {
  if (format !== null) return typeOf(format);
  return VARIANT_FORMATS.map(typeOf).includes(source) ? source : 'image/webp';
}
