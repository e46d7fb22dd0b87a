import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import type { Picture } from '#libs/upstream';
import { IsPicture } from './is-picture.decorator.js';
import { SubmitBaseDto } from './submit-base.dto.js';

/** Body of POST /mj/insight-face/swap, as JSON or as a form with files or texts of the same names. */
export class SwapDto extends SubmitBaseDto {
  /** The face: data URL, raw base64 or http(s) link of a picture of at most 10 MiB; or in one of the two fields below. */
  @ApiProperty({ required: true })
  @IsOptional()
  @IsPicture()
  sourceBase64?: Picture;

  /** The picture that gets the face, in the same forms. */
  @ApiProperty({ required: true })
  @IsOptional()
  @IsPicture()
  targetBase64?: Picture;

  /** The face under the name that forms have for files. */
  @IsOptional()
  @IsPicture()
  source?: Picture;

  /** The picture that gets it, likewise. */
  @IsOptional()
  @IsPicture()
  target?: Picture;

  /**
   * Link of the face, where it is given in no other field.
   * @example 'https://images.example.com/face.png'
   */
  @IsOptional()
  @IsPicture()
  sourceUrl?: Picture;

  /**
   * Link of the picture that gets it.
   * @example 'https://images.example.com/portrait.png'
   */
  @IsOptional()
  @IsPicture()
  targetUrl?: Picture;
}
