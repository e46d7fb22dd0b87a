import { ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { Allow } from 'class-validator';
import { roundWidth, VARIANT_FORMATS, type VariantFormat, type VariantWidth } from '#libs/assets';
import { MjError } from '../http/errors/mj-error.js';

/** What may be asked of a picture. Both are read by {@link parseQuery}, whose errors have names of their own. */
export class PictureQuery {
  /** Width in px, rounded up to 128, 256, 512, 1024 or 2048; a picture is never enlarged. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 2048, example: 512 })
  @Allow()
  w?: unknown;

  /** Format of the answer instead of the picture's own. */
  @ApiPropertyOptional({ enum: VARIANT_FORMATS, example: 'webp' })
  @Allow()
  format?: unknown;

  /** Signature that the gateway's own links carry where IMAGE_LINKS is `signed`. */
  @ApiPropertyOptional({ type: 'string' })
  @Allow()
  s?: unknown;
}

/** What may be asked of a video. */
export class VideoQuery extends PickType(PictureQuery, ['s']) {}

/** @throws MjError `width_is_invalid`, `format_is_invalid` */
export function parseQuery(query: PictureQuery): { width: VariantWidth | null; format: VariantFormat | null } {
  return { width: parseWidth(query.w), format: parseFormat(query.format) };
}

function parseWidth(value: unknown): VariantWidth | null {
  if (value === undefined || value === '') return null;
  const text = typeof value === 'number' ? String(value) : value;
  const width = typeof text === 'string' && /^[1-9]\d{0,3}$/.test(text) ? roundWidth(Number(text)) : null;
  if (width === null) throw new MjError('width_is_invalid');
  return width;
}

function parseFormat(value: unknown): VariantFormat | null {
  if (value === undefined || value === '') return null;
  const format = VARIANT_FORMATS.find((known) => known === value);
  if (format === undefined) throw new MjError('format_is_invalid');
  return format;
}
