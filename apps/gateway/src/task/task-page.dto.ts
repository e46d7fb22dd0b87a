import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsDate, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
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

/** Longest text that is searched for. */
const LONGEST_SEARCH = 256;
/** A day and a time with an offset; without one the time would be the server's. */
const ISO_TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d))?$/i;
/** ISO 8601 or ms; what is neither stays as it is, and is refused. */
const time = ({ value }: Given): unknown => {
  if (value === '') return undefined;
  if (typeof value !== 'string') return value;
  // A plus in a query is a blank once it is read.
  const written = value.trim().replace(/ (?=\d\d:?\d\d$)/, '+');
  if (isNoDay(written)) return value;
  const date = /^\d{1,15}$/.test(written)
    ? new Date(Number(written))
    : ISO_TIME.test(written)
      ? new Date(written)
      : null;
  return date === null || Number.isNaN(date.getTime()) ? value : date;
};

/** Whether a time is on a day that no month has: a Date would take 30 February for 2 March. */
function isNoDay(written: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(written) ?? [];
  return day !== undefined && Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
}

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

  @ApiPropertyOptional({
    type: String,
    maxLength: LONGEST_SEARCH,
    description: 'A text in the prompt, in any case; or the id of a task.',
    example: 'red fox',
  })
  @Transform(text)
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_SEARCH)
  q?: string;

  @ApiPropertyOptional({
    type: String,
    description: 'Submitted then or later: ISO 8601 with its offset, or ms since 1970.',
    example: '2026-11-01T00:00:00Z',
  })
  @Transform(time)
  @IsOptional()
  @IsDate()
  from?: Date;

  @ApiPropertyOptional({ type: String, description: 'Submitted before then.', example: '1793491200000' })
  @Transform(time)
  @IsOptional()
  @IsDate()
  to?: Date;

  @ApiPropertyOptional({
    type: String,
    pattern: '^[1-9]\\d{15}$',
    description: 'Follow-ups of this task.',
    example: '6237012345678901',
  })
  @Transform(text)
  @IsOptional()
  @IsString()
  parentId?: string;
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
