import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Picture } from '#libs/upstream';
import { IsPicture } from './is-picture.decorator.js';
import { SubmitBaseDto } from './submit-base.dto.js';

/** Body of POST /mj/submit/describe: one of the three pictures. */
export class DescribeDto extends SubmitBaseDto {
  /** The picture: data URL or raw base64 of PNG, JPEG, WebP or GIF, at most 10 MiB. */
  @IsOptional()
  @IsPicture()
  base64?: Picture;

  /** The same as the first of an array; further ones are ignored. */
  @ApiPropertyOptional({ maxItems: 20 })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsPicture({ each: true })
  base64Array?: Picture[];

  /**
   * http(s) link of the picture, where neither of the others is given.
   * @example 'https://images.example.com/fox.png'
   */
  @IsOptional()
  @IsPicture()
  link?: Picture;

  /**
   * Language of the answer, where the upstream translates it.
   * @example 'zh_cn'
   */
  @ApiPropertyOptional({ maxLength: 32 })
  @IsOptional()
  @IsString()
  @MaxLength(32)
  language?: string;
}
