import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { IdText, SubmitBaseDto } from './submit-base.dto.js';

/** Body of POST /mj/submit/change. */
export class ChangeDto extends SubmitBaseDto {
  /**
   * The finished grid that is changed.
   * @example '6237012345678901'
   */
  @ApiProperty({ required: true, pattern: '^[1-9]\\d{15}$' })
  @IsOptional()
  @IdText()
  @IsString()
  taskId?: string;

  /**
   * What is done with it; any case is taken.
   * @example 'UPSCALE'
   */
  @ApiProperty({ required: true, enum: ['UPSCALE', 'VARIATION', 'REROLL'] })
  @IsOptional()
  @IsString()
  action?: string;

  /** Which picture of the grid, 1..4, or more where its buttons say so; UPSCALE and VARIATION need it. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 99, example: 1 })
  @IsOptional()
  @IdText()
  @IsString()
  index?: string;
}

/** Body of POST /mj/submit/simple-change. */
export class SimpleChangeDto extends SubmitBaseDto {
  /**
   * Task id and U1..U4, V1..V4 or R; more numbers where the grid has more.
   * @example '6237012345678901 U1'
   */
  @ApiProperty({ required: true, pattern: '^\\s*\\S+\\s+([UuVv][1-9]\\d?|[Rr])\\s*$' })
  @IsOptional()
  @IsString()
  content?: string;
}
