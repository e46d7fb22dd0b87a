import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { TASK_ACTIONS, TASK_MODES, TASK_STATUSES, type TaskAction, type TaskMode, type TaskStatus } from '#libs/wire';
import { TaskDto } from './task.dto.js';

export const MOST_OF_A_PAGE = 100;
export const USUAL_PAGE = 20;

interface Given {
  value: unknown;
}

/** "" is the same as absent; words count in any case. */
const word = ({ value }: Given): unknown =>
  value === '' ? undefined : typeof value === 'string' ? value.trim().toUpperCase() : value;
const whole = ({ value }: Given): unknown =>
  value === '' ? undefined : typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
const text = ({ value }: Given): unknown => (value === '' ? undefined : value);

/** What GET /mj/task/list can be asked for. */
export class TaskPageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MOST_OF_A_PAGE,
    default: USUAL_PAGE,
    description: 'Most tasks of a page. Without it and without `cursor` the answer is an array of the newest 100.',
  })
  @Transform(whole)
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_OF_A_PAGE)
  limit?: number;

  @ApiPropertyOptional({ type: String, description: '`nextCursor` of the page before. Absent: from the newest task.' })
  @Transform(text)
  @IsOptional()
  @IsString()
  cursor?: string;

  @ApiPropertyOptional({ enum: TASK_STATUSES })
  @Transform(word)
  @IsOptional()
  @IsIn(TASK_STATUSES)
  status?: TaskStatus;

  @ApiPropertyOptional({ enum: TASK_ACTIONS })
  @Transform(word)
  @IsOptional()
  @IsIn(TASK_ACTIONS)
  action?: TaskAction;

  @ApiPropertyOptional({ enum: TASK_MODES })
  @Transform(word)
  @IsOptional()
  @IsIn(TASK_MODES)
  mode?: TaskMode;

  @ApiPropertyOptional({
    type: String,
    maxLength: 4_096,
    description: 'Exactly the `state` of the submit.',
    example: 'order-77',
  })
  @Transform(text)
  @IsOptional()
  @IsString()
  state?: string;
}

/** A page of tasks. */
export class TaskPageDto {
  items!: TaskDto[];
  /**
   * Asks for the page after this one; null: there is none.
   * @example 'MTc5NTM0MDAwMDAwMDEyMy42MjQwMDAwMDAwMDAwMDAx.3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA'
   */
  nextCursor!: string | null;
}
