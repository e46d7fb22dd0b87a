import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { StrictInput } from '../../http/request-body/strict-input.js';
import { Optional, Text, Word } from '../field-rules.js';
import { ListQuery } from '../list-query.dto.js';

const RECEIVER_STATES = ['failing', 'healthy'] as const;
type ReceiverState = (typeof RECEIVER_STATES)[number];
const LONGEST_HOST = 260;

/** How a receiver of hooks stands, over all keys. null is "never" or "none". */
export class ReceiverDto {
  /**
   * With its port.
   * @example 'shop.example:443'
   */
  host!: string;
  @ApiProperty({ enum: RECEIVER_STATES, description: 'failing: its last tries failed, so it is tried one at a time.' })
  state!: ReceiverState;
  /** Failures in a row. */
  failures!: number;
  failingSince!: Date | null;
  /** Hooks that wait to be sent; like the next two at most 10,000 are counted. */
  pending!: number;
  /** Hooks whose tries are used up; sent again by a replay. */
  dead!: number;
  /** Tasks whose end it took within the last 24 hours. */
  delivered24h!: number;
  /** When the oldest of `pending` was made. */
  oldestPendingAt!: Date | null;
  /**
   * `delivered`, or the class of the failure of the last try of its newest hook.
   * @example 'status_5xx'
   */
  lastClass!: string | null;
  /**
   * HTTP status of the last try.
   * @example 503
   */
  lastStatus!: number | null;
  lastAt!: Date | null;
  /** To about a minute. */
  lastOkAt!: Date | null;
  /** When it is tried next. */
  nextAt!: Date | null;
}

/** A page of receivers. */
export class ReceiverPageDto {
  items!: ReceiverDto[];
  /** Asks for the page after this one; null: there is none. */
  nextCursor!: string | null;
}

/** Which receivers GET /admin/receivers lists. */
@StrictInput()
export class ReceiverQuery extends ListQuery {
  @ApiPropertyOptional({ enum: RECEIVER_STATES })
  @Optional()
  @Word(RECEIVER_STATES)
  state?: ReceiverState;

  @ApiPropertyOptional({ type: String, description: 'With its port or without.', example: 'shop.example' })
  @Optional()
  @Text(1, LONGEST_HOST)
  host?: string;
}
