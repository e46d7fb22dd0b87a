import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsNumber, Max, ValidateBy } from 'class-validator';
import { TASK_MODES, type TaskMode } from '#libs/wire';
import { StrictInput } from '../../http/request-body/strict-input.js';
import { Whole, Word } from '../field-rules.js';

const WEEK_S = 604_800;
/** numeric(5,4). */
const DIGITS = 4;
const MESSAGE = 'must be a number above 0 and up to 1, with at most 4 digits behind the point';

/** How long a task of a mode may take, and how often that should hold. */
@StrictInput()
export class SlaTargetDto {
  @ApiProperty({ enum: TASK_MODES })
  @Word(TASK_MODES)
  mode!: TaskMode;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: WEEK_S, description: 'From submit to SUCCESS.', example: 120 })
  @Whole(1, WEEK_S)
  targetSeconds!: number;

  @ApiProperty({
    type: Number,
    maximum: 1,
    description: 'Share of finished tasks that should keep to it.',
    example: 0.95,
  })
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^[01](?:\.\d{1,4})?$/.test(value) ? Number(value) : value,
  )
  @IsNumber({ maxDecimalPlaces: DIGITS }, { message: MESSAGE })
  @Max(1, { message: MESSAGE })
  @ValidateBy(
    { name: 'isShare', validator: { validate: (value) => typeof value === 'number' && value > 0 } },
    { message: MESSAGE },
  )
  targetRatio!: number;
}
