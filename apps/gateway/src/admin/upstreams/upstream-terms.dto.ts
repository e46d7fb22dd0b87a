import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import { TASK_ACTIONS, TASK_MODES } from '#libs/wire';
import { StrictInput } from '../../http/request-body/strict-input.js';
import {
  HeaderText,
  HttpUrl,
  Nullable,
  Optional,
  Text,
  Texts,
  Whole,
  WithoutQuery,
  Word,
  Words,
  YesNo,
} from '../field-rules.js';
import { ListQuery } from '../list-query.dto.js';

const LONGEST_NAME = 100;
const KINDS = ['midjourney-proxy'] as const;
const LONGEST_CALL_MS = 300_000;

/** Deadlines of calls, ms; null: the gateway's own. */
@StrictInput()
export class TimeoutsDto {
  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 100, maximum: LONGEST_CALL_MS })
  @Nullable()
  @Whole(100, LONGEST_CALL_MS)
  submitMs?: number | null;

  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 100, maximum: LONGEST_CALL_MS })
  @Nullable()
  @Whole(100, LONGEST_CALL_MS)
  pollMs?: number | null;
}

@StrictInput()
class TermsDto {
  @ApiPropertyOptional({ type: String, nullable: true, description: 'Its `mj-api-secret`; null: it wants none.' })
  @Nullable()
  @HeaderText()
  secret?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 2_048,
    description:
      'What every call to it leads through: http://, https://, socks5:// or socks5h://, with name and password where it wants them. ' +
      'Kept encrypted, never shown. null: nothing.',
    example: 'http://user:password@proxy.example:3128',
  })
  @Nullable()
  @Text(0, 2_048)
  proxyUrl?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 1_000,
    description: 'What it is called with, its pictures too; null: UPSTREAM_USER_AGENT.',
  })
  @Nullable()
  @HeaderText()
  userAgent?: string | null;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1_000, default: 1, description: 'Share among equals.' })
  @Optional()
  @Whole(1, 1_000)
  weight?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 1_000,
    default: 0,
    description: 'The highest goes first.',
  })
  @Optional()
  @Whole(0, 1_000)
  priority?: number;

  @ApiPropertyOptional({ enum: TASK_MODES, isArray: true, nullable: true, description: 'null: all.' })
  @Nullable()
  @Words(TASK_MODES)
  modes?: string[] | null;

  @ApiPropertyOptional({ enum: TASK_ACTIONS, isArray: true, nullable: true, description: 'null: all.' })
  @Nullable()
  @Words(TASK_ACTIONS)
  actions?: string[] | null;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 10_000, default: 12, description: 'Tasks at once.' })
  @Optional()
  @Whole(1, 10_000)
  maxConcurrent?: number;

  @ApiPropertyOptional({ type: Boolean, default: true, description: 'false: it gets no work; its tasks are followed.' })
  @Optional()
  @YesNo()
  enabled?: boolean;

  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Our push address is sent with submits.' })
  @Optional()
  @YesNo()
  acceptsNotifyHook?: boolean;

  @ApiPropertyOptional({ type: Boolean, default: false, description: '`accountFilter` is passed on.' })
  @Optional()
  @YesNo()
  acceptsAccountFilter?: boolean;

  @ApiPropertyOptional({ type: TimeoutsDto })
  @Optional()
  @IsObject({ message: 'must be an object' })
  @ValidateNested()
  @Type(() => TimeoutsDto)
  timeouts?: TimeoutsDto;

  @ApiPropertyOptional({ type: [String], description: 'Parts of its error texts that mean "full, try later".' })
  @Optional()
  @Texts(50, 200)
  fullTexts?: string[];
}

/** Body of POST /admin/upstreams. */
@StrictInput()
export class CreateUpstreamDto extends TermsDto {
  @ApiProperty({ type: String, minLength: 1, maxLength: LONGEST_NAME, example: 'tokyo' })
  @Text(1, LONGEST_NAME)
  name!: string;

  @ApiProperty({ type: String, description: 'http or https, without /mj.', example: 'https://proxy.example' })
  @WithoutQuery()
  @HttpUrl()
  baseUrl!: string;

  @ApiPropertyOptional({ enum: KINDS, default: 'midjourney-proxy' })
  @Optional()
  @Word(KINDS)
  kind?: 'midjourney-proxy';
}

/** Body of PATCH /admin/upstreams/{id}: what is left out stays. */
@StrictInput()
export class PatchUpstreamDto extends TermsDto {
  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: LONGEST_NAME, example: 'tokyo' })
  @Optional()
  @Text(1, LONGEST_NAME)
  name?: string;

  @ApiPropertyOptional({
    type: String,
    description: 'Only the one that it has: another address is another server, with other task ids.',
  })
  @Optional()
  @WithoutQuery()
  @HttpUrl()
  baseUrl?: string;
}

/** What GET /admin/upstreams can be asked for. */
@StrictInput()
export class UpstreamQuery extends ListQuery {}
