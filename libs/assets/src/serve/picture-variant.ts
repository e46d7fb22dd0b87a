import type { KeptFile } from '../keep/asset-table.js';
import { PICTURE_TYPES, type PictureType } from '../format/picture-type.js';

/** Widths that are made, px; others are rounded up, so that variants of one picture stay few. */
export const VARIANT_WIDTHS = [128, 256, 512, 1024, 2048] as const;
export type VariantWidth = (typeof VARIANT_WIDTHS)[number];

export const VARIANT_FORMATS = ['webp', 'jpeg', 'png'] as const;
export type VariantFormat = (typeof VARIANT_FORMATS)[number];

/** A quarter of a grid: 1 upper left, 2 upper right, 3 lower left, 4 lower right. */
export type Quarter = 1 | 2 | 3 | 4;

/** What a client asks for; null: as it is. */
export interface VariantWish {
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
  /** Tells the variants of one picture apart, in file names and ETags. */
  suffix: string;
  type: PictureType;
  /** Null: all of it. */
  quarter: Quarter | null;
  /** px; null: as wide as what is cut out. */
  width: number | null;
}

/** The width that is made for `asked` px; null beyond the largest. */
export function roundWidth(asked: number): VariantWidth | null {
  return VARIANT_WIDTHS.find((width) => width >= asked) ?? null;
}

/** A quarter of a picture; of an odd number of pixels the right and lower ones get the one more. */
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
 * How to fulfil a wish; null when the kept file itself does. Nothing is ever enlarged. Without a wished format PNG,
 * JPEG and WebP stay what they are, GIF and AVIF become WebP.
 */
export function recipeFor(source: KeptFile, wish: VariantWish): Recipe | null {
  if (source.width === null || source.height === null) return null;
  const size = { width: source.width, height: source.height };
  const region = wish.quarter === null ? null : quarterOf(size, wish.quarter);
  if (region !== null && (region.width === 0 || region.height === 0)) return null;
  const width = wish.width !== null && wish.width < (region ?? size).width ? wish.width : null;
  const isSame = wish.format === null || source.contentType === typeOf(wish.format);
  if (region === null && width === null && isSame) return null;
  const suffix = [wish.quarter === null ? [] : `crop${wish.quarter}`, width === null ? [] : `w${width}`].flat();
  return {
    suffix: suffix.join('-') || 'full',
    type: outputType(source.contentType, wish.format),
    quarter: wish.quarter,
    width,
  };
}

/** Strong ETag of a kept picture or of one of its variants: the hash of the kept bytes and what was done to them. */
export function etagOf(source: KeptFile, recipe: Recipe | null): string {
  const hash = source.sha256.toString('hex').slice(0, 32);
  return recipe === null ? `"${hash}"` : `"${hash}-${recipe.suffix}-${PICTURE_TYPES[recipe.type].extension}"`;
}

function typeOf(format: VariantFormat): PictureType {
  return `image/${format}`;
}

/** What a variant is made as: the wished format, else what the source is, if that can be made; else WebP. */
export function outputType(source: PictureType, format: VariantFormat | null): PictureType {
  if (format !== null) return typeOf(format);
  return VARIANT_FORMATS.map(typeOf).includes(source) ? source : 'image/webp';
}
