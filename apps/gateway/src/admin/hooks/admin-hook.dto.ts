import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { DeliveryState } from '#libs/hooks';
import { StrictInput } from '../../http/request-body/strict-input.js';
import { Id, Instant, Optional, Text, Word, YesNo } from '../field-rules.js';
import { ListQuery } from '../list-query.dto.js';

export const DELIVERY_STATES = ['waiting', 'delivered', 'dropped', 'dead', 'cancelled'] as const;
const LONGEST_HOST = 260;
const ABOUT_STATES =
  'waiting: to be sent · delivered · dropped: an event before the end failed, a newer one replaces it · dead: all tries ' +
  'of the end failed · cancelled: the receiver answered 410';

/** What the receiver of a task was told, or will be. Its id is the task's. */
export class HookDto {
  /** @example '6237012345678901' */
  id!: string;
  taskId!: string;
  keyId!: string;
  url!: string;
  /**
   * With its port.
   * @example 'shop.example:443'
   */
  host!: string;
  @ApiProperty({ enum: DELIVERY_STATES, description: ABOUT_STATES })
  state!: DeliveryState;
  /** True: it tells of the end of the task. */
  terminal!: boolean;
  /** Version of the task that it tells of; `webhook-id` is `msg_<id>_<seq>`. */
  seq!: number;
  /** Newest version that the receiver took. */
  toldSeq!: number | null;
  /** Scheduled tries of what it tells now. */
  tries!: number;
  /** When it is tried next. */
  nextAt!: Date | null;
  sentAt!: Date | null;
  /** HTTP status of the last try. */
  lastStatus!: number | null;
  /** Class of its failure. */
  lastError!: string | null;
  lastMs!: number | null;
  createdAt!: Date;
  deliveredAt!: Date | null;
}

/** One try. */
export class HookAttemptDto {
  id!: string;
  at!: Date;
  seq!: number;
  /** Number of the scheduled try; 0: one outside the schedule. */
  attempt!: number;
  /**
   * HTTP status; null: no answer.
   * @example 503
   */
  status!: number | null;
  ms!: number;
  /**
   * `delivered`, or the class of the failure.
   * @example 'status_5xx'
   */
  class!: string;
  /** First 1 KiB of the answer. */
  answer!: string;
}

/** A hook with every try, oldest first; at most the last 200. */
export class HookDossierDto extends HookDto {
  /** The exact body. */
  payload!: string;
  attempts!: HookAttemptDto[];
}

/** A page of hooks. */
export class HookPageDto {
  items!: HookDto[];
  /** Asks for the page after this one; null: there is none. */
  nextCursor!: string | null;
}

/** Which hooks GET /admin/hooks lists. */
@StrictInput()
export class HookQuery extends ListQuery {
  @ApiPropertyOptional({ enum: DELIVERY_STATES, description: ABOUT_STATES })
  @Optional()
  @Word(DELIVERY_STATES)
  state?: DeliveryState;

  @ApiPropertyOptional({
    type: String,
    description: 'Of the receiver, with its port or without.',
    example: 'shop.example',
  })
  @Optional()
  @Text(1, LONGEST_HOST)
  host?: string;

  @ApiPropertyOptional({ type: String, description: 'Of this key.', example: '7' })
  @Optional()
  @Id()
  keyId?: string;

  @ApiPropertyOptional({ type: String, description: 'Of this task.', example: '6237012345678901' })
  @Optional()
  @Id()
  taskId?: string;
}

/** Body of POST /admin/hooks/replay. */
@StrictInput()
export class ReplayDto {
  @ApiProperty({ type: String, format: 'date-time', description: 'Last tried then or later.' })
  @Instant()
  since!: Date;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Last tried before. Absent: now.' })
  @Optional()
  @Instant()
  until?: Date;

  @ApiPropertyOptional({ enum: DELIVERY_STATES, description: 'Absent: any.' })
  @Optional()
  @Word(DELIVERY_STATES)
  state?: DeliveryState;

  @ApiPropertyOptional({
    type: String,
    description: 'Of the receiver, with its port or without.',
    example: 'shop.example',
  })
  @Optional()
  @Text(1, LONGEST_HOST)
  host?: string;

  @ApiPropertyOptional({ type: String, example: '6237012345678901' })
  @Optional()
  @Id()
  taskId?: string;

  @ApiPropertyOptional({ type: Boolean, default: false, description: 'true: only count.' })
  @Optional()
  @YesNo()
  dryRun?: boolean;
}

/** What a replay did. */
export class ReplayedDto {
  /** Hooks that are due now; with `dryRun` that would be. */
  count!: number;
  /** True: there were more than one call takes (10,000). Call again with this `until`. */
  more!: boolean;
  /** The end of the time that was looked at. */
  until!: Date;
}
