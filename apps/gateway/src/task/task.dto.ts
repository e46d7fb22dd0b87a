import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsOptional } from 'class-validator';
import type { BotType, ButtonView, FailCode, TaskAction, TaskMode, TaskStatus, TaskView } from '#libs/wire';

/** A button under a finished task. */
export class ButtonDto implements ButtonView {
  /** @example 'MJ::JOB::upsample::1::9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11' */
  customId!: string;
  emoji!: string;
  /** @example 'U1' */
  label!: string;
  /** @example 2 */
  type!: number;
  /** @example 2 */
  style!: number;
}

/** A link to a picture or video of this gateway. */
export class LinkDto {
  url!: string;
}

/** Texts that Midjourney gave back. */
export class TaskPropertiesDto {
  finalPrompt!: string;
  finalZhPrompt!: string;
  messageId?: string;
  messageHash?: string;
  /**
   * Numbers of the pictures of a grid that were moderated away: `/mj/image/{id}/{n}` of one is 404 `picture_withheld`.
   * Left out when none was.
   * @example [3]
   */
  @ApiPropertyOptional({ type: 'array', items: { type: 'integer', minimum: 1, maximum: 64 }, minItems: 1 })
  withheld?: number[];
}

/** Why a task ended without a result. */
export class FailureDto {
  /** @example 'upstream_failed' */
  kind!: FailCode;
  /** Whether sending the same again may succeed. */
  retryable!: boolean;
  /** Whether its credits were given back. */
  refunded!: boolean;
}

/** The task, as fetch, lists and hooks show it. Every key is always there. */
export class TaskDto implements TaskView {
  /** @example '6237012345678901' */
  @ApiProperty({ pattern: '^[1-9]\\d{15}$' })
  id!: string;
  /** @example 'IMAGINE' */
  action!: TaskAction;
  /** @example 'IN_PROGRESS' */
  status!: TaskStatus;
  /**
   * As typed last, in the submit or into its window; of a finished describe or shorten the text that was found, as in
   * `promptEn` and `properties.finalPrompt`.
   * @example 'a red fox in the snow --ar 3:2'
   */
  prompt!: string;
  promptEn!: string;
  description!: string;
  /** @example 'order-77' */
  @ApiProperty({ maxLength: 4_096 })
  state!: string;
  /**
   * Milliseconds since 1970; 0 = not yet.
   * @example 1795340000000
   */
  @ApiProperty({ type: 'integer', minimum: 0 })
  submitTime!: number;
  /** @example 1795340001000 */
  @ApiProperty({ type: 'integer', minimum: 0 })
  startTime!: number;
  /** @example 0 */
  @ApiProperty({ type: 'integer', minimum: 0 })
  finishTime!: number;
  /** Link to the picture, or while it runs to its preview; "" = none. */
  imageUrl!: string;
  /** The single pictures of a grid, each under its own number; those in `properties.withheld` are left out. */
  @ApiProperty({ type: [LinkDto], nullable: true, minItems: 1 })
  imageUrls!: LinkDto[] | null;
  videoUrl!: string;
  @ApiProperty({ type: [LinkDto], nullable: true, minItems: 1 })
  videoUrls!: LinkDto[] | null;
  /** @example '65%' */
  @ApiProperty({ pattern: '^(\\d{1,2}|100)%$' })
  progress!: string;
  failReason!: string;
  /** null before SUCCESS. */
  buttons!: ButtonDto[] | null;
  properties!: TaskPropertiesDto;
  botType!: BotType;
  mode!: TaskMode;
  parentId!: string;
  customId!: string;
  maskBase64!: '';
  seed!: string;
  failure!: FailureDto | null;
  /**
   * Credits kept for it.
   * @example 0.1
   */
  cost!: number;
  /** How many waiting tasks are served before it, of those that could go to the same upstreams; null: it does not wait. */
  queuePosition!: number | null;
}

/** Body of POST /mj/task/list-by-condition. */
export class ListByConditionDto {
  /**
   * Ids of one's own tasks, strings or numbers; at most 10,000.
   * @example ['6237012345678901']
   */
  @ApiPropertyOptional({
    type: 'array',
    maxItems: 10_000,
    items: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
  })
  @IsOptional()
  @IsArray()
  ids?: (string | number)[];
}
