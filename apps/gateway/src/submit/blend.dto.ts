import { IsArray, IsOptional, IsString } from 'class-validator';
import { SubmitBaseDto } from './submit-base.dto.js';

/** Body of POST /mj/submit/blend. */
export class BlendDto extends SubmitBaseDto {
  /** Two to five pictures: data URLs or raw base64 of PNG, JPEG, WebP or GIF, 10 MiB each. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  base64Array?: string[];

  /**
   * PORTRAIT (2:3), SQUARE (1:1, the default) or LANDSCAPE (3:2).
   * @example 'SQUARE'
   */
  @IsOptional()
  @IsString()
  dimensions?: string;
}
