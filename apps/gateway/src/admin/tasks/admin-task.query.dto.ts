import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { FAIL_CODES, TASK_ACTIONS, TASK_MODES, TASK_STATUSES } from '#libs/wire';
import type { FailCode, TaskAction, TaskMode, TaskStatus } from '#libs/wire';
import { StrictInput } from '../../http/request-body/strict-input.js';
import { Id, Instant, Optional, Text, WordList, YesNo } from '../field-rules.js';
import { ListQuery } from '../list-query.dto.js';

const LONGEST_SEARCH = 200;
/** Of `state` of a submit. */
const LONGEST_STATE = 4_096;

/** Which tasks are meant; all that is given must hold. */
@StrictInput()
export class TaskFilterQuery {
  @ApiPropertyOptional({ type: String, description: severalOf(TASK_STATUSES), example: 'FAILURE,CANCEL' })
  @Optional()
  @WordList(TASK_STATUSES)
  status?: TaskStatus[];

  @ApiPropertyOptional({ type: String, description: severalOf(TASK_ACTIONS), example: 'IMAGINE,UPSCALE' })
  @Optional()
  @WordList(TASK_ACTIONS)
  action?: TaskAction[];

  @ApiPropertyOptional({ type: String, description: severalOf(TASK_MODES), example: 'FAST' })
  @Optional()
  @WordList(TASK_MODES)
  mode?: TaskMode[];

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

  @ApiPropertyOptional({ type: String, maxLength: LONGEST_STATE, description: 'Exactly this `state` of its submit.' })
  @Optional()
  @Text(1, LONGEST_STATE)
  state?: string;

  @ApiPropertyOptional({ type: String, description: 'Follows this task.', example: '6237012345678901' })
  @Optional()
  @Id()
  parentId?: string;

  @ApiPropertyOptional({
    type: String,
    description: `Why it ended without a result. ${severalOf(FAIL_CODES)}`,
    example: 'timeout',
  })
  @Optional()
  @WordList(FAIL_CODES)
  failureKind?: FailCode[];

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

/** What GET /admin/tasks can be asked for. */
@StrictInput()
export class AdminTaskQuery extends IntersectionType(ListQuery, TaskFilterQuery) {}

function severalOf(words: readonly string[]): string {
  return `One or several of ${words.join(', ')}, parted by commas.`;
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
