import { ApiProperty } from '@nestjs/swagger';
import {
  PROMPT_EXPANSIONS,
  TASK_ACTIONS,
  TASK_MODES,
  type PromptExpansion,
  type TaskAction,
  type TaskMode,
} from '#libs/wire';

/** What one task of an action costs in a mode. */
export class WorkPriceDto {
  @ApiProperty({ enum: TASK_ACTIONS, example: 'IMAGINE' })
  action!: TaskAction;

  @ApiProperty({ enum: TASK_MODES, example: 'FAST' })
  mode!: TaskMode;

  @ApiProperty({ description: 'Credits of one task.', minimum: 0, example: 1 })
  price!: number;
}

/** The key that asks: what it has left, what it may do, and what that costs. */
export class AccountDto {
  @ApiProperty({ example: '3' })
  keyId!: string;

  @ApiProperty({ description: 'What its operator calls it.', example: 'studio' })
  name!: string;

  @ApiProperty({ type: Number, nullable: true, description: 'Credits that are left; null: no limit.', example: 41.5 })
  credits!: number | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Unfinished tasks; waiting ones count, open windows do not.',
    example: 2,
  })
  running!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Most unfinished tasks; null: no limit.', example: 10 })
  maxConcurrent!: number | null;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Most waiting tasks.', example: 1_000 })
  queueLimit!: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Most submits in a minute; null: no limit.',
    example: 60,
  })
  requestsPerMinute!: number | null;

  @ApiProperty({
    enum: TASK_MODES,
    isArray: true,
    nullable: true,
    description: 'Modes that it may use; null: all.',
    example: ['RELAX', 'FAST'],
  })
  modes!: string[] | null;

  @ApiProperty({
    enum: TASK_ACTIONS,
    isArray: true,
    nullable: true,
    description: 'Actions that it may use; null: all.',
    example: null,
  })
  actions!: string[] | null;

  @ApiProperty({ enum: TASK_MODES, description: 'Mode of a submit that names none.', example: 'FAST' })
  defaultMode!: TaskMode;

  @ApiProperty({
    enum: PROMPT_EXPANSIONS,
    description: 'What becomes of a prompt that is several jobs.',
    example: 'expand',
  })
  promptExpansion!: PromptExpansion;

  @ApiProperty({
    type: [WorkPriceDto],
    description: 'Every action in every mode that it may use and that has a price.',
    example: [{ action: 'IMAGINE', mode: 'FAST', price: 1 }],
  })
  prices!: WorkPriceDto[];
}
