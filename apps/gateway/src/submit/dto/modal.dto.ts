import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import type { Picture } from '#libs/upstream';
import { IsPicture } from './is-picture.decorator.js';
import { IdText } from './submit-base.dto.js';

/** Body of POST /mj/submit/modal. State, hook and mode stay those of the action that opened the window. */
export class ModalDto {
  /**
   * The task whose window is confirmed: the id that came with code 21.
   * @example '6237012345678901'
   */
  @ApiProperty({ required: true, pattern: '^[1-9]\\d{15}$' })
  @IsOptional()
  @IdText()
  @IsString()
  taskId?: string;

  /**
   * What the window is confirmed with; without one its own text, else the parent's prompt.
   * @example 'a blue fox in the snow --ar 3:2'
   */
  @ApiPropertyOptional({ maxLength: 8_192 })
  @IsOptional()
  @IsString()
  prompt?: string;

  /** Region to paint anew: a picture, data URL or raw base64. */
  @IsOptional()
  @IsPicture()
  maskBase64?: Picture;

  /** The same under the name that some clients use. */
  @IsOptional()
  @IsPicture()
  mask?: Picture;
}
