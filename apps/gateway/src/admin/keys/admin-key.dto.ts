import { ApiProperty } from '@nestjs/swagger';
import type { KeyRecord } from '#libs/access';
import { MOST_RETRIES, PROMPT_EXPANSIONS, TASK_MODES, type PromptExpansion, type TaskMode } from '#libs/wire';

/** A key as operators see it. Credits are decimal strings; null is no limit. */
export class AdminKeyDto implements KeyRecord {
  /** @example '7' */
  id!: string;
  /** @example 'bob' */
  name!: string;
  /**
   * Public beginning of the key.
   * @example 'sk-7Hq2LmPd'
   */
  prefix!: string;
  /** What is left. */
  credits!: string | null;
  /** Sum of its ledger, also where `credits` is null. */
  balance!: string;
  /** Credits kept by finished tasks. */
  spent!: string;
  /** Held or kept in this UTC month, less what was refunded in it. */
  spentThisMonth!: string;
  /** Credits held by unfinished ones. */
  held!: string;
  /** Unfinished tasks. */
  running!: number;
  maxConcurrent!: number | null;
  requestsPerMinute!: number | null;
  queueLimit!: number | null;
  dailyTasks!: number | null;
  monthlySpend!: string | null;
  modes!: string[] | null;
  actions!: string[] | null;
  /** Kinds of upstreams that may do its work; null: all. */
  upstreamKinds!: string[] | null;
  ipAllow!: string[] | null;
  expiresAt!: Date | null;
  @ApiProperty({ enum: TASK_MODES, nullable: true })
  defaultMode!: TaskMode | null;
  notifyHook!: string | null;
  notifyEvents!: 'all' | 'terminal';
  promptLint!: 'off' | 'warn' | 'strict';
  @ApiProperty({ enum: PROMPT_EXPANSIONS, nullable: true })
  promptExpansion!: PromptExpansion | null;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: MOST_RETRIES })
  retries!: number;
  createdAt!: Date;
  revokedAt!: Date | null;
  /** Last request, to about a minute. */
  lastUsedAt!: Date | null;
}

/** A new key, with what is never shown again. */
export class CreatedKeyDto extends AdminKeyDto {
  /**
   * The key itself. It is not stored.
   * @example 'sk-…'
   */
  key!: string;
  /**
   * Signs its hooks.
   * @example 'whsec_…'
   */
  webhookSecret!: string;
}

/** A page of keys. */
export class KeyPageDto {
  items!: AdminKeyDto[];
  /** Asks for the page after this one; null: there is none. */
  nextCursor!: string | null;
}

/** A line of the ledger that an operator wrote, and what is left then. */
export class MovedCreditsDto {
  id!: string;
  at!: Date;
  kind!: 'topup' | 'adjust';
  /** @example '25.000000' */
  amount!: string;
  note!: string;
  /** @example '35.000000' */
  balance!: string;
}

/** A new webhook secret, shown this once. */
export class RotatedSecretDto {
  /** @example 'whsec_…' */
  webhookSecret!: string;
  /** Until then hooks carry signatures of the old one too. */
  oldSignsUntil!: Date;
}
