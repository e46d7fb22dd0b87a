import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { PROMPT_RULES, type Finding, type RuleName } from '#libs/wire';

/** Body of POST /mj/prompt/lint. */
export class LintDto {
  /**
   * The prompt to be looked at; nothing is submitted.
   * @example 'a red fox in the snow --ar16:9 --chaos 200'
   */
  @ApiProperty({ required: true, minLength: 1, maxLength: 8_192 })
  @IsOptional()
  @IsString()
  prompt?: string;

  /**
   * Which bot it is for; what is none of these counts as MID_JOURNEY.
   * @example 'MID_JOURNEY'
   */
  @ApiPropertyOptional({ enum: ['mj', 'MID_JOURNEY', 'niji', 'NIJI_JOURNEY'] })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  botType?: string;
}

/** What a rule says about one place of a prompt. */
export class FindingDto implements Finding {
  @ApiProperty({
    enum: Object.keys(PROMPT_RULES.findings),
    description: 'See docs/prompt-lint.md.',
    example: 'space_before_value',
  })
  rule!: RuleName;

  @ApiProperty({
    enum: ['error', 'warning'],
    description: 'error: Midjourney turns the prompt away. warning: it takes it, but not as it was meant.',
    example: 'error',
  })
  severity!: Finding['severity'];

  @ApiProperty({ type: 'integer', minimum: 0, description: 'UTF-16 units from the beginning.', example: 24 })
  start!: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Behind the last unit.', example: 30 })
  end!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What to put in place of `[start, end)`, so that this finding is gone; null where none can be told.',
    example: 'ar 16:9',
  })
  fix!: string | null;

  @ApiPropertyOptional({ type: 'integer', minimum: 2, description: 'Of `several_jobs`: how many.', example: 4 })
  jobs?: number;
}
