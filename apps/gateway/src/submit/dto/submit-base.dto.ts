import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { MOST_RETRIES, TASK_MODES } from '#libs/wire';

/** Which accounts of an upstream may do the work; passed on only where the upstream is set to take it. */
export class AccountFilterDto {
  /** Accounts of these modes; the first one is the task's mode. */
  @ApiPropertyOptional({ enum: TASK_MODES, isArray: true, example: ['FAST'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(16)
  @IsString({ each: true })
  @MaxLength(16, { each: true })
  modes?: string[];

  /**
   * Id of the account at the upstream.
   * @example '1118138338562560102'
   */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  instanceId?: string;

  /**
   * The operator's note on the account.
   * @example 'studio'
   */
  @IsOptional()
  @IsString()
  @MaxLength(256)
  remark?: string;

  /**
   * The account's channel.
   * @example '1118138338562560103'
   */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  channelId?: string;

  /**
   * Accounts in remix mode.
   * @example false
   */
  @IsOptional()
  @IsBoolean()
  remix?: boolean;

  /**
   * Accounts in niji's remix mode.
   * @example false
   */
  @IsOptional()
  @IsBoolean()
  nijiRemix?: boolean;

  /**
   * Accounts that confirm windows by themselves.
   * @example false
   */
  @IsOptional()
  @IsBoolean()
  remixAutoConsidered?: boolean;
}

/** What every submit may carry. */
export class SubmitBaseDto {
  /**
   * Your own text; echoed on the task and in hooks.
   * @example 'order-77'
   */
  @ApiPropertyOptional({ maxLength: 4_096 })
  @IsOptional()
  @IsString()
  state?: string;

  /**
   * http(s) URL that is called on every change; a login in it (`https://user:password@host/`) is sent as Basic auth, and never
   * shown. Blank: none, also where the key has a default hook.
   * @example 'https://app.example.com/mj-hook'
   */
  @ApiPropertyOptional({ maxLength: 2_048 })
  @IsOptional()
  @IsString()
  notifyHook?: string;

  /**
   * `terminal`: the hook is called for the end only.
   * @example 'terminal'
   */
  @IsOptional()
  @IsIn(['all', 'terminal'])
  notifyEvents?: 'all' | 'terminal';

  /**
   * How fast; goes before the path's prefix, a flag of the prompt and the key's default. Any case is taken.
   * @example 'FAST'
   */
  @ApiPropertyOptional({ enum: TASK_MODES })
  @IsOptional()
  @IsString()
  mode?: string;

  /**
   * Which bot does it; what is none of these counts as MID_JOURNEY.
   * @example 'MID_JOURNEY'
   */
  @ApiPropertyOptional({ enum: ['mj', 'MID_JOURNEY', 'niji', 'NIJI_JOURNEY'] })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  botType?: string;

  /**
   * How often it is sent again by itself after a failure that says `retryable`; it is paid once. The key's unless given.
   * @example 0
   */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MOST_RETRIES })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d$/.test(value) ? Number(value) : value,
  )
  @IsInt()
  @Min(0)
  @Max(MOST_RETRIES)
  retries?: number;

  /** Which accounts of the upstream may do it. */
  @IsOptional()
  @ValidateNested()
  @Type(() => AccountFilterDto)
  accountFilter?: AccountFilterDto;
}

/** Ids come as strings and, from some clients, as numbers. */
export function IdText(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'number' ? String(value) : value));
}
