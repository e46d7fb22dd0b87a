import { ApiProperty } from '@nestjs/swagger';
import { TASK_ACTIONS, TASK_MODES, type TaskAction, type TaskMode } from '#libs/wire';
import { StrictInput } from '../../http/request-body/strict-input.js';
import { Credits, Word } from '../field-rules.js';

const ACTIONS = [...TASK_ACTIONS, '*'] as const;
const MODES = [...TASK_MODES, '*'] as const;
const HIGHEST_PRICE = 1_000_000;

/** One line of the price list. */
@StrictInput()
export class PriceDto {
  @ApiProperty({ enum: ACTIONS, description: '*: any action that has no line of its own.', example: 'IMAGINE' })
  @Word(ACTIONS)
  action!: TaskAction | '*';

  @ApiProperty({ enum: MODES, description: '*: any mode.', example: 'FAST' })
  @Word(MODES)
  mode!: TaskMode | '*';

  @ApiProperty({ type: String, description: 'Credits for one task, at most 1,000,000.', example: '0.100000' })
  @Credits({ least: 'zero', most: HIGHEST_PRICE })
  price!: string;
}
