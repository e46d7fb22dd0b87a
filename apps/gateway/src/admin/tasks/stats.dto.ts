import { ApiProperty } from '@nestjs/swagger';
import { FAIL_CODES, TASK_ACTIONS, TASK_MODES } from '#libs/wire';
import type { FailCode, TaskAction, TaskMode } from '#libs/wire';

/** Counts of tasks, as `report.task_daily` counts them. */
export class CountsDto {
  /** However they ended: `succeeded` + `failed` + `cancelled` + `refused` + `unfinished`. */
  submitted!: number;
  succeeded!: number;
  /** Refused ones not counted. */
  failed!: number;
  cancelled!: number;
  /** Declined before any work: not failed, and not charged. */
  refused!: number;
  /** Not ended yet, windows that wait included. */
  unfinished!: number;
  /**
   * Credits that they cost now.
   * @example '12.400000'
   */
  kept!: string;
}

/** The same with the seconds from submit to SUCCESS; null where none has succeeded. */
export class TimedCountsDto extends CountsDto {
  p50Seconds!: number | null;
  p95Seconds!: number | null;
}

export class TotalDto extends TimedCountsDto {
  /** Not sent yet. */
  waiting!: number;
  /** Credits given back. */
  refunded!: string;
}

export class ActionCountsDto extends TimedCountsDto {
  @ApiProperty({ enum: TASK_ACTIONS })
  action!: TaskAction;
  @ApiProperty({ enum: TASK_MODES })
  mode!: TaskMode;
}

export class UpstreamCountsDto extends CountsDto {
  upstreamId!: string;
}

export class FailureCountDto {
  @ApiProperty({ enum: FAIL_CODES })
  kind!: FailCode;
  count!: number;
}

/** What became of the tasks that were submitted from `from` to before `to`. */
export class StatsDto {
  from!: Date;
  to!: Date;
  total!: TotalDto;
  byAction!: ActionCountsDto[];
  byUpstream!: UpstreamCountsDto[];
  /** The most frequent first; refused ones count here too. */
  failures!: FailureCountDto[];
}
