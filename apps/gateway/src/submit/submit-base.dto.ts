import { Transform } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';

/** Which accounts of an upstream may do the work; passed on only where the upstream is set to take it. */
export class AccountFilterDto {
  /** Accounts of these modes; the first one is the task's mode. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  modes?: string[];

  @IsOptional()
  @IsString()
  instanceId?: string;

  @IsOptional()
  @IsString()
  remark?: string;

  @IsOptional()
  @IsString()
  channelId?: string;

  @IsOptional()
  @IsBoolean()
  remix?: boolean;

  @IsOptional()
  @IsBoolean()
  nijiRemix?: boolean;

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
  @IsOptional()
  @IsString()
  state?: string;

  /**
   * http(s) URL that is called on every change; "" switches the key's default hook off.
   * @example 'https://app.example.com/mj-hook'
   */
  @IsOptional()
  @IsString()
  notifyHook?: string;

  /** `terminal`: the hook is called for the end only. */
  @IsOptional()
  @IsIn(['all', 'terminal'])
  notifyEvents?: 'all' | 'terminal';

  /**
   * RELAX, FAST or TURBO, in any case.
   * @example 'FAST'
   */
  @IsOptional()
  @IsString()
  mode?: string;

  /**
   * mj, MID_JOURNEY, niji or NIJI_JOURNEY.
   * @example 'MID_JOURNEY'
   */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  botType?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => AccountFilterDto)
  accountFilter?: AccountFilterDto;
}

/** Ids come as strings and, from some clients, as numbers. */
export function IdText(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'number' ? String(value) : value));
}
