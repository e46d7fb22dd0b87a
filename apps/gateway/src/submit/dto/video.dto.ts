import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Picture } from '#libs/upstream';
import { IsPicture } from './is-picture.decorator.js';
import { IdText, SubmitBaseDto } from './submit-base.dto.js';

/** Body of POST /mj/submit/video: a prompt or a picture, or one clip of a finished video that is to go on. */
export class VideoDto extends SubmitBaseDto {
  /**
   * What moves, and how.
   * @example 'the fox turns its head and runs'
   */
  @ApiPropertyOptional({ maxLength: 8_192 })
  @IsOptional()
  @IsString()
  prompt?: string;

  /** First frame: data URL, raw base64, or http(s) link. */
  @IsOptional()
  @IsPicture()
  image?: Picture;

  /** Last frame, in the same forms. */
  @IsOptional()
  @IsPicture()
  endImage?: Picture;

  /** Ends as it begins. */
  @IsOptional()
  @IsBoolean()
  loop?: boolean;

  /** How much moves: low or high. */
  @ApiPropertyOptional({ enum: ['low', 'high'], example: 'low' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim().toLowerCase() : value))
  @IsIn(['low', 'high'])
  motion?: 'low' | 'high';

  /**
   * Midjourney's name of the kind, which says its size.
   * @example 'vid_1.1_i2v_480'
   */
  @ApiPropertyOptional({ maxLength: 64 })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  videoType?: string;

  /** How many clips: 1, 2 or 4. */
  @ApiPropertyOptional({ enum: [1, 2, 4], example: 1 })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) =>
    value === '1' || value === '2' || value === '4' ? Number(value) : value,
  )
  @IsIn([1, 2, 4])
  batchSize?: 1 | 2 | 4;

  /**
   * The finished video that is extended; with `action` "extend".
   * @example '6237012345678901'
   */
  @ApiPropertyOptional({ pattern: '^[1-9]\\d{15}$' })
  @IsOptional()
  @IdText()
  @IsString()
  taskId?: string;

  /**
   * `extend` in any case, together with `taskId`; without one it says nothing.
   * @example 'extend'
   */
  @ApiPropertyOptional({ type: String, maxLength: 64 })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  action?: string;

  /** Which clip of it is extended; the first one unless given. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 3, example: 0 })
  @IsOptional()
  @IdText()
  @IsString()
  index?: string;
}
