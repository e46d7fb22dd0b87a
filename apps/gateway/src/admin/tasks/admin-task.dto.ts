import { ApiProperty } from '@nestjs/swagger';
import { FAIL_CODES, TASK_ACTIONS, TASK_MODES, TASK_STATUSES } from '#libs/wire';
import type { BotType, FailCode, TaskAction, TaskMode, TaskStatus } from '#libs/wire';
import { StrictInput } from '../../http/request-body/strict-input.js';
import { Text } from '../field-rules.js';
import { HookDossierDto } from '../hooks/admin-hook.dto.js';
import { StuckDto, UpstreamCallDto } from './task-trace.dto.js';

const LONGEST_REASON = 500;

/** A task as operators see it. Times are ISO 8601 in UTC, credits decimal strings; null is "not yet" or "none". */
export class AdminTaskDto {
  /** @example '6237012345678901' */
  id!: string;
  /** @example '7' */
  keyId!: string;
  /** @example 'bob' */
  keyName!: string;
  @ApiProperty({ enum: TASK_ACTIONS })
  action!: TaskAction;
  @ApiProperty({ enum: TASK_MODES })
  mode!: TaskMode;
  botType!: BotType;
  @ApiProperty({ enum: TASK_STATUSES })
  status!: TaskStatus;
  /** Percent. */
  progress!: number;
  version!: number;
  /** @example 'a red fox in the snow --ar 3:2' */
  prompt!: string;
  promptEn!: string;
  finalPrompt!: string;
  description!: string;
  state!: string;
  parentId!: string | null;
  /** The task that this repeat follows. */
  aliasOf!: string | null;
  batchId!: string | null;
  customId!: string;
  upstreamId!: string | null;
  /**
   * Of a retired upstream too.
   * @example 'tokyo'
   */
  upstreamName!: string | null;
  /** Its id there. */
  upstreamTaskId!: string | null;
  /** True: declined before any work; its client sees no such task. */
  refused!: boolean;
  @ApiProperty({ enum: FAIL_CODES, nullable: true })
  failCode!: FailCode | null;
  failReason!: string;
  /**
   * Credits held when it was opened.
   * @example '0.100000'
   */
  price!: string;
  /**
   * Credits kept now.
   * @example '0.100000'
   */
  cost!: string;
  /** True: it has not been sent, for no upstream was free. */
  waiting!: boolean;
  notifyHook!: string | null;
  requestId!: string;
  imageUrl!: string;
  pictureCount!: number;
  /** Numbers of the pictures of a grid that were moderated away; null: none was. */
  @ApiProperty({ type: 'array', items: { type: 'integer' }, nullable: true })
  withheld!: number[] | null;
  videoCount!: number;
  seed!: string | null;
  sendAttempt!: number;
  submittedAt!: Date;
  sentAt!: Date | null;
  startedAt!: Date | null;
  confirmedAt!: Date | null;
  cancelAskedAt!: Date | null;
  finishedAt!: Date | null;
  /** When its outcome is looked up: it is not known whether the upstream took it. */
  lookUpAt!: Date | null;
  nextPollAt!: Date | null;
  /** Last answer of its upstream about it. */
  polledAt!: Date | null;
  /** When it ends in a timeout. */
  deadlineAt!: Date | null;
  /**
   * From its submit to its start, as in report.tasks; null: it has not started.
   * @example 1.52
   */
  queueSeconds!: number | null;
  /**
   * From its start to its end.
   * @example 41.207
   */
  runSeconds!: number | null;
}

/** A page of tasks. */
export class AdminTaskPageDto {
  items!: AdminTaskDto[];
  /** Asks for the page after this one; null: there is none. */
  nextCursor!: string | null;
}

/** One line of a task's timeline. */
export class TimelineLineDto {
  at!: Date;
  version!: number;
  /** @example 'progress' */
  kind!: string;
  /** @example 'poller' */
  source!: string;
  @ApiProperty({ enum: TASK_STATUSES })
  status!: TaskStatus;
  progress!: number;
  @ApiProperty({ type: 'object', additionalProperties: true })
  detail!: Record<string, unknown>;
}

/** One move of credits. */
export class LedgerLineDto {
  id!: string;
  at!: Date;
  @ApiProperty({ enum: ['hold', 'refund', 'topup', 'adjust'] })
  kind!: string;
  /**
   * Negative takes, positive gives.
   * @example '-0.100000'
   */
  amount!: string;
  note!: string;
}

/** Everything that is known of one task. */
export class TaskDossierDto {
  task!: AdminTaskDto;
  /** Oldest first; at most 1,000 lines. */
  timeline!: TimelineLineDto[];
  /** null: nothing was to be told. */
  @ApiProperty({ type: HookDossierDto, nullable: true })
  delivery!: HookDossierDto | null;
  ledger!: LedgerLineDto[];
  /** Its submits to upstreams, oldest first; at most the last 100. A call is here within some seconds. */
  calls!: UpstreamCallDto[];
  /** Why it is where it is; null: it has ended, and whoever was to be told knows it. */
  @ApiProperty({ type: StuckDto, nullable: true })
  stuck!: StuckDto | null;
}

/** Body of POST /admin/tasks/{id}/fail. */
@StrictInput()
export class FailTaskDto {
  /**
   * What its client reads as `failReason`.
   * @example 'stopped by the operator'
   */
  @ApiProperty({ type: String, minLength: 1, maxLength: LONGEST_REASON })
  @Text(1, LONGEST_REASON)
  reason!: string;
}

/** Body of POST /admin/tasks/{id}/refund. */
@StrictInput()
export class RefundTaskDto {
  /**
   * Why; it stands in the ledger.
   * @example 'complaint 4711'
   */
  @ApiProperty({ type: String, minLength: 1, maxLength: LONGEST_REASON })
  @Text(1, LONGEST_REASON)
  note!: string;
}
