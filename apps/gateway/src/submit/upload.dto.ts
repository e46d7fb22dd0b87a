import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsOptional, IsString } from 'class-validator';
import { SubmitBaseDto } from './submit-base.dto.js';

/** Body of POST /mj/submit/upload-discord-images. */
export class UploadDto extends SubmitBaseDto {
  /** One to ten pictures: data URLs or raw base64 of PNG, JPEG, WebP or GIF, 10 MiB each. */
  @ApiProperty({ required: true, minItems: 1, maxItems: 10 })
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  base64Array?: string[];
}
