import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString } from 'class-validator';
import type { Picture } from '#libs/upstream';
import { IsPicture } from './is-picture.decorator.js';
import { SubmitBaseDto } from './submit-base.dto.js';

/** Body of POST /mj/submit/edits and /mj/submit/retexture: a prompt and a picture. */
export class EditsDto extends SubmitBaseDto {
  /**
   * What the picture becomes.
   * @example 'the same fox, in autumn leaves'
   */
  @ApiProperty({ required: true, minLength: 1, maxLength: 8_192 })
  @IsOptional()
  @IsString()
  prompt?: string;

  /** The picture: data URL, raw base64, or http(s) link. */
  @IsOptional()
  @IsPicture()
  image?: Picture;

  /**
   * The same as an array, for clients that send every picture so; counts where `image` is not given.
   * @example []
   */
  @ApiPropertyOptional({ maxItems: 20 })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsPicture({ each: true })
  base64Array?: Picture[];
}
