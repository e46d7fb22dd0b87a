import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsOptional } from 'class-validator';
import type { Picture } from '#libs/upstream';
import { IsPicture } from './is-picture.decorator.js';
import { SubmitBaseDto } from './submit-base.dto.js';

/** Body of POST /mj/submit/upload-discord-images. */
export class UploadDto extends SubmitBaseDto {
  /** One to ten pictures: data URLs or raw base64 of PNG, JPEG, WebP or GIF, 10 MiB each. */
  @ApiPropertyOptional({ minItems: 1, maxItems: 10 })
  @IsOptional()
  @IsArray()
  @IsPicture({ each: true })
  base64Array?: Picture[];

  /** A single picture, for clients that send it so; it counts as one of them. */
  @IsOptional()
  @IsPicture()
  base64?: Picture;
}
