import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { StrictInput } from '../../http/request-body/strict-input.js';
import { Instant, Optional, Text } from '../field-rules.js';
import { ListQuery } from '../list-query.dto.js';

/** Which writes GET /admin/audit lists. */
@StrictInput()
export class AuditQuery extends ListQuery {
  @ApiPropertyOptional({ type: String, description: 'Exactly what was changed.', example: 'task:6237012345678901' })
  @Optional()
  @Text(1, 100)
  target?: string;

  @ApiPropertyOptional({ type: String, description: 'Of this request.' })
  @Optional()
  @Text(1, 128)
  requestId?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Then or later.' })
  @Optional()
  @Instant()
  from?: Date;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Before.' })
  @Optional()
  @Instant()
  to?: Date;
}

/** One write through the admin API. */
export class AuditEntryDto {
  id!: string;
  at!: Date;
  requestId!: string;
  /** @example 'POST /admin/tasks/:id/refund' */
  route!: string;
  /** @example 'task:6237012345678901' */
  target!: string;
  /** What was asked for, without secrets. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  detail!: object;
}

/** A page of writes. */
export class AuditPageDto {
  items!: AuditEntryDto[];
  /** Asks for the page after this one; null: there is none. */
  nextCursor!: string | null;
}
