import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import type { Picture } from '#libs/upstream';
import { IsPicture } from './is-picture.decorator.js';
import { SubmitBaseDto } from './submit-base.dto.js';

/** Body of POST /mj/insight-face/swap, as JSON or as a form with files or texts of the same names. */
export class SwapDto extends SubmitBaseDto {
  /** The face: data URL or raw base64 of PNG, JPEG, WebP or GIF, at most 10 MiB. */
  @ApiProperty({ required: true })
  @IsOptional()
  @IsPicture()
  sourceBase64?: Picture;

  /** The picture that gets the face, in the same forms. */
  @ApiProperty({ required: true })
  @IsOptional()
  @IsPicture()
  targetBase64?: Picture;
}
