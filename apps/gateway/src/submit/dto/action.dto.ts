import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import { IdText, SubmitBaseDto } from './submit-base.dto.js';

/** Body of POST /mj/submit/action. */
export class ActionDto extends SubmitBaseDto {
  /**
   * The finished task whose button is pressed.
   * @example '6237012345678901'
   */
  @ApiProperty({ required: true, pattern: '^[1-9]\\d{15}$' })
  @IsOptional()
  @IdText()
  @IsString()
  taskId?: string;

  /**
   * `customId` of one of its buttons.
   * @example 'MJ::JOB::upsample::1::9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11'
   */
  @ApiProperty({ required: true, maxLength: 512 })
  @IsOptional()
  @IsString()
  @MaxLength(512)
  customId?: string;

  /** Asks for a window in which the prompt can be changed. */
  @IsOptional()
  @IsBoolean()
  enableRemix?: boolean;

  /** Of V1..V4: false varies it subtly; strongly unless given. */
  @IsOptional()
  @IsBoolean()
  strong?: boolean;

  /** Runs on the channel of the parent. */
  @IsOptional()
  @IsBoolean()
  chooseSameChannel?: boolean;
}
