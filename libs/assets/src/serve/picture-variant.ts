import type { KeptFile } from '../keep/asset-table.js';
import { PICTURE_TYPES, type PictureType } from '../format/picture-type.js';

/** Widths of variants, px; others are rounded up, so that a picture has few variants. */
export const VARIANT_WIDTHS = [128, 256, 512, 1024, 2048] as const;
export type VariantWidth = (typeof VARIANT_WIDTHS)[number];

export const VARIANT_FORMATS = ['webp', 'jpeg', 'png'] as const;
export type VariantFormat = (typeof VARIANT_FORMATS)[number];

/** A quarter of a grid: 1 upper left, 2 upper right, 3 lower left, 4 lower right. */
export type Quarter = 1 | 2 | 3 | 4;

/** A client's request for a variant; null: as the picture is. */
export interface VariantRequest {
  quarter: Quarter | null;
  width: VariantWidth | null;
  format: VariantFormat | null;
}

/** A rectangle in px. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** How to make a variant out of a kept picture. */
export interface Recipe {
  /** Distinguishes the variants of one picture in file names and ETags. */
  suffix: string;
  type: PictureType;
  /** The part to cut out; null: all of the picture. */
  quarter: Quarter | null;
  /** px; null: the width of the part. */
  width: number | null;
}

/** The width of the variant for `asked` px; null beyond the largest. */
export function roundWidth(asked: number): VariantWidth | null {
  return VARIANT_WIDTHS.find((width) => width >= asked) ?? null;
}

/** A quarter of a picture; with an odd number of pixels the right and lower quarters are larger by one. */
export function quarterOf(size: { width: number; height: number }, quarter: Quarter): Region {
  const halfWidth = Math.floor(size.width / 2);
  const halfHeight = Math.floor(size.height / 2);
  const isRight = quarter === 2 || quarter === 4;
  const isLower = quarter >= 3;
  return {
    left: isRight ? halfWidth : 0,
    top: isLower ? halfHeight : 0,
    width: isRight ? size.width - halfWidth : halfWidth,
    height: isLower ? size.height - halfHeight : halfHeight,
  };
}

/**
 * The recipe for a request; null when the kept file itself fulfils it. Nothing is ever enlarged. Without a requested
 * format PNG, JPEG and WebP keep theirs, GIF and AVIF become WebP.
 */
export function recipeFor(source: KeptFile, request: VariantRequest): Recipe | null {
  if (source.width === null || source.height === null) return null;
  const size = { width: source.width, height: source.height };
  const region = request.quarter === null ? null : quarterOf(size, request.quarter);
  if (region !== null && (region.width === 0 || region.height === 0)) return null;
  const width = request.width !== null && request.width < (region ?? size).width ? request.width : null;
  const isSame = request.format === null || source.contentType === typeOf(request.format);
  if (region === null && width === null && isSame) return null;
  const suffix = [request.quarter === null ? [] : `crop${request.quarter}`, width === null ? [] : `w${width}`].flat();
  return {
    suffix: suffix.join('-') || 'full',
    type: outputType(source.contentType, request.format),
    quarter: request.quarter,
    width,
  };
}

/** Strong ETag of a kept picture or of one of its variants: the hash of the kept bytes and the recipe's suffix. */
export function etagOf(source: KeptFile, recipe: Recipe | null): string {
  const hash = source.sha256.toString('hex').slice(0, 32);
  return recipe === null ? `"${hash}"` : `"${hash}-${recipe.suffix}-${PICTURE_TYPES[recipe.type].extension}"`;
}

function typeOf(format: VariantFormat): PictureType {
  return `image/${format}`;
}

/** The type of a variant: the requested format, else that of the source if variants can have it, else WebP. */
export function outputType(source: PictureType, format: VariantFormat | null): PictureType {
  if (format !== null) return typeOf(format);
  return VARIANT_FORMATS.map(typeOf).includes(source) ? source : 'image/webp';
}
