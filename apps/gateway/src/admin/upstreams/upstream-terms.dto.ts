import { ApiHideProperty, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import { FOLLOW_UPS, UPSTREAM_KINDS, USUAL_KIND, type FollowUps, type UpstreamKind } from '#libs/upstream';
import { TASK_ACTIONS, TASK_MODES } from '#libs/wire';
import { StrictInput } from '../../http/request-body/strict-input.js';
import {
  HeaderText,
  HttpUrl,
  Never,
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
import { Version, Versions } from './version-rules.js';

const LONGEST_NAME = 100;
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
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description:
      'Its key, sent as its kind wants it; of two parts `<app>|<secret>`, split at the first `|`. null: it wants none, which ' +
      'only midjourney-proxy may.',
  })
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

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Version that is named in prompts without one; null: that of its kind, which may be none.',
    example: '8.2',
  })
  @Nullable()
  @Version()
  defaultVersion?: string | null;

  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    description: 'Versions of Midjourney that it takes; null: all that its kind has.',
    example: ['7', '8.2', 'niji 7'],
  })
  @Nullable()
  @Versions()
  modelVersions?: string[] | null;

  @ApiPropertyOptional({
    enum: FOLLOW_UPS,
    default: 'sticky',
    description:
      'rebase: retexture, edits, video and describe of a result may go to another upstream with our kept copy of the picture.',
  })
  @Optional()
  @Word(FOLLOW_UPS)
  followUps?: FollowUps;

  @ApiPropertyOptional({
    type: Boolean,
    description:
      'Our push address is sent with submits. Left out: as its kind wants it; refused where the kind calls no push address.',
  })
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

  @ApiProperty({
    type: String,
    description: 'http or https, without the path of its kind (/mj, /v1/tob, /v1/midjourney), which is taken off.',
    example: 'https://proxy.example',
  })
  @WithoutQuery()
  @HttpUrl()
  baseUrl!: string;

  @ApiPropertyOptional({
    enum: UPSTREAM_KINDS,
    default: USUAL_KIND,
    description: 'Which dialect it speaks. It never changes.',
  })
  @Optional()
  @Word(UPSTREAM_KINDS)
  kind?: UpstreamKind;
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

  @ApiHideProperty()
  @Optional()
  @Never('never changes: retire this upstream, and add another')
  kind?: unknown;
}

/** What GET /admin/upstreams can be asked for. */
@StrictInput()
export class UpstreamQuery extends ListQuery {}
