import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsOptional, IsString } from 'class-validator';
import type { Picture } from '#libs/upstream';
import { IsPicture } from './is-picture.decorator.js';
import { SubmitBaseDto } from './submit-base.dto.js';

/** Body of POST /mj/submit/blend. */
export class BlendDto extends SubmitBaseDto {
  /** Two to five pictures: data URLs or raw base64 of PNG, JPEG, WebP or GIF, 10 MiB each. */
  @ApiProperty({ required: true, minItems: 2, maxItems: 5 })
  @IsOptional()
  @IsArray()
  @IsPicture({ each: true })
  base64Array?: Picture[];

  /**
   * PORTRAIT is 2:3, SQUARE 1:1, LANDSCAPE 3:2; any case is taken.
   * @example 'SQUARE'
   */
  @ApiPropertyOptional({ enum: ['PORTRAIT', 'SQUARE', 'LANDSCAPE'], default: 'SQUARE' })
  @IsOptional()
  @IsString()
  dimensions?: string;
}
