import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { KEY_STATUSES, type KeyStatus } from '#libs/access';
import { UPSTREAM_KINDS } from '#libs/upstream';
import {
  MOST_RETRIES,
  PROMPT_EXPANSIONS,
  TASK_ACTIONS,
  TASK_MODES,
  type PromptExpansion,
  type TaskMode,
} from '#libs/wire';
import { StrictInput } from '../../http/request-body/strict-input.js';
import {
  AddressRanges,
  Credits,
  HookText,
  Instant,
  Mode,
  Nullable,
  Optional,
  Text,
  Whole,
  Word,
  Words,
} from '../field-rules.js';
import { ListQuery } from '../list-query.dto.js';

const LONGEST_NAME = 100;
const MOST = 1_000_000;
const MOST_CREDITS = 1_000_000_000;
const EVENTS = ['all', 'terminal'] as const;
const LINTS = ['off', 'warn', 'strict'] as const;

/** What a key may do and spend, apart from its name. null is no limit. */
@StrictInput()
class LimitsDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'What is left, at most 1,000,000,000; null: not limited.',
    example: '10',
  })
  @Nullable()
  @Credits({ least: 'zero', most: MOST_CREDITS })
  credits?: string | null;

  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 1, description: 'Unfinished tasks at once.' })
  @Nullable()
  @Whole(1, MOST)
  maxConcurrent?: number | null;

  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 1, description: 'Submits in a minute.' })
  @Nullable()
  @Whole(1, MOST)
  requestsPerMinute?: number | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 0,
    description: 'Waiting tasks; null: QUEUE_LIMIT.',
  })
  @Nullable()
  @Whole(0, MOST)
  queueLimit?: number | null;

  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 1, description: 'Tasks in a UTC day.' })
  @Nullable()
  @Whole(1, MOST)
  dailyTasks?: number | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'Credits in a UTC month.', example: '500' })
  @Nullable()
  @Credits({ least: 'above_zero' })
  monthlySpend?: string | null;

  @ApiPropertyOptional({ enum: TASK_MODES, isArray: true, nullable: true, description: 'null: all.' })
  @Nullable()
  @Words(TASK_MODES)
  modes?: string[] | null;

  @ApiPropertyOptional({ enum: TASK_ACTIONS, isArray: true, nullable: true, description: 'null: all.' })
  @Nullable()
  @Words(TASK_ACTIONS)
  actions?: string[] | null;

  @ApiPropertyOptional({
    enum: UPSTREAM_KINDS,
    isArray: true,
    nullable: true,
    description: 'Kinds of upstreams that may do its work; null: all. With none of them there: code 3.',
  })
  @Nullable()
  @Words(UPSTREAM_KINDS)
  upstreamKinds?: string[] | null;

  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    description: 'Addresses and CIDRs that it may be used from; null: anywhere.',
    example: ['203.0.113.0/24'],
  })
  @Nullable()
  @AddressRanges()
  ipAllow?: string[] | null;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'From then on submits are refused; reads go on. null: never.',
  })
  @Nullable()
  @Instant()
  expiresAt?: Date | null;

  @ApiPropertyOptional({ enum: TASK_MODES, nullable: true, description: 'null: DEFAULT_MODE.' })
  @Nullable()
  @Mode()
  defaultMode?: TaskMode | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 2_048,
    description: 'Hook of submits that name none; a login in it is sent as Basic auth, and never shown.',
  })
  @Nullable()
  @HookText()
  notifyHook?: string | null;

  @ApiPropertyOptional({ enum: EVENTS, default: 'all', description: 'terminal: its hooks tell of the end only.' })
  @Optional()
  @Word(EVENTS)
  notifyEvents?: 'all' | 'terminal';

  @ApiPropertyOptional({ enum: LINTS, default: 'warn', description: 'What becomes of prompts that break a rule.' })
  @Optional()
  @Word(LINTS)
  promptLint?: 'off' | 'warn' | 'strict';

  @ApiPropertyOptional({
    enum: PROMPT_EXPANSIONS,
    nullable: true,
    description: 'What becomes of prompts that are several jobs; null: PROMPT_EXPANSION.',
  })
  @Nullable()
  @Word(PROMPT_EXPANSIONS)
  promptExpansion?: PromptExpansion | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: MOST_RETRIES,
    default: 0,
    description: 'How often work is sent again after a failure that is retryable, where its submit names nothing.',
  })
  @Optional()
  @Whole(0, MOST_RETRIES)
  retries?: number;
}

/** Body of POST /admin/keys. */
@StrictInput()
export class CreateKeyDto extends LimitsDto {
  @ApiProperty({ type: String, minLength: 1, maxLength: LONGEST_NAME, description: 'Whose it is.', example: 'bob' })
  @Text(1, LONGEST_NAME)
  name!: string;
}

/** Body of PATCH /admin/keys/{id}: what is left out stays. */
@StrictInput()
export class PatchKeyDto extends LimitsDto {
  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: LONGEST_NAME, example: 'bob' })
  @Optional()
  @Text(1, LONGEST_NAME)
  name?: string;
}

/** Body of POST /admin/keys/{id}/credits. */
@StrictInput()
export class MoveCreditsDto {
  @ApiProperty({ type: String, description: 'Signed: negative takes. At most 1,000,000,000 at once.', example: '25' })
  @Credits({ least: 'not_zero', most: MOST_CREDITS })
  amount!: string;

  @ApiProperty({ type: String, maxLength: 500, description: 'Why; it stands in the ledger.', example: 'invoice 4711' })
  @Text(1, 500)
  note!: string;
}

/** What GET /admin/keys can be asked for. */
@StrictInput()
export class KeyQuery extends ListQuery {
  @ApiPropertyOptional({
    type: String,
    maxLength: LONGEST_NAME,
    description: 'Part of the name in any case, the beginning of the key as `prefix` shows it, or the id.',
    example: 'bob',
  })
  @Optional()
  @Text(1, LONGEST_NAME)
  q?: string;

  @ApiPropertyOptional({ enum: KEY_STATUSES, description: 'expired: submits are refused, reads go on.' })
  @Optional()
  @Word(KEY_STATUSES)
  status?: KeyStatus;
}
