import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { SubmitBaseDto } from './submit-base.dto.js';

/** Body of POST /mj/submit/shorten. */
export class ShortenDto extends SubmitBaseDto {
  /**
   * The prompt whose important words are wanted.
   * @example 'please create a peaceful, serene and beautiful picture of a sunset over the calm sea'
   */
  @ApiProperty({ required: true, minLength: 1, maxLength: 8_192 })
  @IsOptional()
  @IsString()
  prompt?: string;
}
