import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString } from 'class-validator';
import type { Picture } from '#libs/upstream';
import { IsPicture } from './is-picture.decorator.js';
import { SubmitBaseDto } from './submit-base.dto.js';

/** Body of POST /mj/submit/imagine. */
export class ImagineDto extends SubmitBaseDto {
  /**
   * What to draw, with Midjourney's parameters.
   * @example 'a red fox in the snow, soft morning light --ar 3:2'
   */
  @ApiProperty({ required: true, minLength: 1, maxLength: 8_192 })
  @IsOptional()
  @IsString()
  prompt?: string;

  /**
   * Reference pictures: data URLs or raw base64 of PNG, JPEG, WebP or GIF, at most 20 of them, 10 MiB each.
   * @example []
   */
  @ApiPropertyOptional({ maxItems: 20 })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsPicture({ each: true })
  base64Array?: Picture[];

  /** A single reference picture; the old form of `base64Array`. */
  @IsOptional()
  @IsPicture()
  base64?: Picture;
}
