import { ApiPropertyOptional } from '@nestjs/swagger';
import { FAIL_CODES, TASK_ACTIONS, TASK_MODES, TASK_STATUSES } from '#libs/wire';
import type { FailCode, TaskAction, TaskMode, TaskStatus } from '#libs/wire';
import { StrictInput } from '../../http/request-body/strict-input.js';
import { Action, Id, Instant, Mode, Optional, Text, Word, YesNo } from '../field-rules.js';
import { ListQuery } from '../list-query.dto.js';

const LONGEST_SEARCH = 200;

/** Which tasks GET /admin/tasks lists. */
@StrictInput()
export class AdminTaskQuery extends ListQuery {
  @ApiPropertyOptional({ enum: TASK_STATUSES })
  @Optional()
  @Word(TASK_STATUSES)
  status?: TaskStatus;

  @ApiPropertyOptional({ enum: TASK_ACTIONS })
  @Optional()
  @Action()
  action?: TaskAction;

  @ApiPropertyOptional({ enum: TASK_MODES })
  @Optional()
  @Mode()
  mode?: TaskMode;

  @ApiPropertyOptional({ type: String, description: 'Of this key.', example: '7' })
  @Optional()
  @Id()
  keyId?: string;

  @ApiPropertyOptional({ type: String, description: 'Sent to this upstream.', example: '1' })
  @Optional()
  @Id()
  upstreamId?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Submitted then or later.' })
  @Optional()
  @Instant()
  from?: Date;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Submitted before.' })
  @Optional()
  @Instant()
  to?: Date;

  @ApiPropertyOptional({
    type: String,
    maxLength: LONGEST_SEARCH,
    description:
      'Part of the prompt, in any case; or exactly the id, the id at the upstream, the state or the request id.',
    example: 'red fox',
  })
  @Optional()
  @Text(1, LONGEST_SEARCH)
  q?: string;

  @ApiPropertyOptional({ enum: FAIL_CODES, description: 'Why it ended without a result.' })
  @Optional()
  @Word(FAIL_CODES)
  failureKind?: FailCode;

  @ApiPropertyOptional({
    type: Boolean,
    description:
      'true: tasks that were declined before any work. false: all others. Absent: all others, unless `failureKind` asks ' +
      'for refused or banned ones.',
  })
  @Optional()
  @YesNo()
  refused?: boolean;
}

/** Of which time GET /admin/stats counts. */
@StrictInput()
export class StatsQuery {
  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Absent: 24 hours before `to`.' })
  @Optional()
  @Instant()
  from?: Date;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Absent: now.' })
  @Optional()
  @Instant()
  to?: Date;
}
