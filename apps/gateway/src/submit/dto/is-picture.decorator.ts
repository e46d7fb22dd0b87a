import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationOptions } from 'class-validator';
import { PictureText } from '#libs/upstream';

/** 10 MiB as base64, with a head and line breaks. */
const MAX_PICTURE_CHARS = 14 * 1024 * 1024;

/**
 * Validates a field of a body as a picture, or with `each` as a list of them: a string, or what was extracted from the
 * body. Documents it as the text that it is to clients.
 */
export function IsPicture(options?: ValidationOptions): PropertyDecorator {
  const isPicture = (value: unknown): boolean => typeof value === 'string' || value instanceof PictureText;
  return applyDecorators(
    // What it came as: a copy would be made property by property, and a picture has none.
    Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]),
    ApiPropertyOptional({ type: String, isArray: options?.each, maxLength: MAX_PICTURE_CHARS }),
    ValidateBy({ name: 'isPicture', validator: { validate: isPicture } }, options),
  );
}
