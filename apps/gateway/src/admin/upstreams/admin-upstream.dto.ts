import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  FOLLOW_UPS,
  UPSTREAM_KINDS,
  type CircuitState,
  type FollowUps,
  type ShownCapabilities,
  type UpstreamKind,
  type UpstreamState,
  type UpstreamTest,
  type UpstreamTimeouts,
} from '#libs/upstream';
import type { UpstreamLoad } from './upstream-loads.js';
import { TASK_ACTIONS, TASK_MODES, type TaskAction, type TaskMode } from '#libs/wire';

export class UpstreamTimeoutsDto implements UpstreamTimeouts {
  submitMs!: number | null;
  pollMs!: number | null;
}

/** What an upstream can do: what its kind settles, else what its answers have shown; null: not known yet. */
export class UpstreamCapabilitiesDto implements ShownCapabilities {
  readsBatches!: boolean | null;
  listsRecent!: boolean | null;
  echoesState!: boolean | null;
  /** Its tasks show our push address, in which a lost submit is found. */
  echoesPushUrl!: boolean;
  pushes!: boolean | null;
  cancels!: boolean;
  /** false: it fetches pictures by links, so PUBLIC_URL must lead here. */
  takesInlinePictures!: boolean;
  /** false: uploads are kept here. */
  takesUploads!: boolean;
  /** false: windows before a follow-up exist here only. */
  opensWindows!: boolean;
  /** false: buttons are made here. */
  givesButtons!: boolean;
  /** false: "0%" until the end. */
  showsProgress!: boolean;
  @ApiProperty({ enum: TASK_MODES, isArray: true, description: 'Modes that its kind has.' })
  modes!: readonly TaskMode[];
  @ApiProperty({ enum: TASK_ACTIONS, isArray: true, description: 'Actions that its kind has.' })
  actions!: readonly TaskAction[];
}

/** An upstream as operators see it. Its secret is never shown. */
export class AdminUpstreamDto implements UpstreamState, UpstreamLoad {
  /** @example '1' */
  id!: string;
  /** @example 'tokyo' */
  name!: string;
  @ApiProperty({ enum: UPSTREAM_KINDS })
  kind!: UpstreamKind;
  /** @example 'https://proxy.example' */
  baseUrl!: string;
  hasSecret!: boolean;
  /** Whether calls to it lead through a proxy; which one is never shown. */
  hasProxy!: boolean;
  /**
   * What it is called with; null: UPSTREAM_USER_AGENT.
   * @example 'Mozilla/5.0'
   */
  userAgent!: string | null;
  weight!: number;
  priority!: number;
  modes!: string[] | null;
  actions!: string[] | null;
  /** Named in prompts without a version; null: that of its kind. */
  defaultVersion!: string | null;
  /** null: all that its kind has. */
  modelVersions!: string[] | null;
  @ApiProperty({ enum: FOLLOW_UPS })
  followUps!: FollowUps;
  capabilities!: UpstreamCapabilitiesDto;
  maxConcurrent!: number;
  enabled!: boolean;
  acceptsNotifyHook!: boolean;
  acceptsAccountFilter!: boolean;
  timeouts!: UpstreamTimeoutsDto;
  fullTexts!: string[];
  createdAt!: Date;
  /** null: live. */
  retiredAt!: Date | null;
  /** Slots taken. */
  running!: number;
  /** Tasks that wait for this one and no other, as follow-ups do; what may go elsewhere is not counted. */
  waiting!: number;
  /** Calls made to it in the last hour. */
  callsLastHour!: number;
  /** Of those, the ones that failed, timed out or were throttled. */
  errorsLastHour!: number;
  @ApiProperty({ enum: ['closed', 'open', 'half-open'], description: 'open: it gets no work.' })
  circuit!: CircuitState;
  /** Only its operator can help: `lastError` says with what. Tried again each minute, and after every change. */
  misconfigured!: boolean;
  circuitUntil!: Date | null;
  circuitOpens!: number;
  circuitChangedAt!: Date | null;
  lastOkAt!: Date | null;
  /**
   * A class, no address: connect, dns, tls, timeout, reset, unauthorized, payment_required, forbidden, not_found,
   * redirected, status_4xx, status_5xx, unreadable.
   * @example 'status_5xx'
   */
  lastError!: string | null;
  lastErrorAt!: Date | null;
  latencyMs!: number | null;
  /** Whether it answers list-by-condition; null: not known yet. */
  readsBatches!: boolean | null;
  /** Whether it lists its newest tasks. */
  listsRecent!: boolean | null;
  /** Whether its tasks show the `state` of their submit. */
  echoesState!: boolean | null;
  /** Whether it has called our push address. */
  pushes!: boolean | null;
  probedAt!: Date | null;
}

/** An upstream that was just added. */
export class CreatedUpstreamDto extends AdminUpstreamDto {
  /**
   * Where it leads instead of answering: this is the address to give.
   * @example 'https://proxy.example/mj/task/list-by-condition'
   */
  redirectsTo?: string;
}

/** A page of upstreams. */
export class UpstreamPageDto {
  items!: AdminUpstreamDto[];
  /** Asks for the page after this one; null: there is none. */
  nextCursor!: string | null;
}

/** What came of a harmless read. */
export class UpstreamTestDto implements UpstreamTest {
  ok!: boolean;
  latencyMs!: number;
  /**
   * Class of the failure.
   * @example 'connect'
   */
  error?: string;
  /**
   * Where it leads instead of answering.
   * @example 'https://proxy.example/mj/task/list-by-condition'
   */
  redirectsTo?: string;
  /**
   * What is left of your account there, in its own unit.
   * @example '4200 points'
   */
  credit?: string;
  @ApiProperty({
    enum: ['reachable', 'unreachable', 'unknown'],
    description: 'Whether it can fetch pictures from PUBLIC_URL. reachable: it has; unknown: it never had to.',
  })
  links!: UpstreamTest['links'];
  @ApiPropertyOptional({
    enum: ['no_public_url', 'loopback'],
    description: 'Why it cannot: there is no PUBLIC_URL, or it leads an upstream elsewhere to itself.',
  })
  linksReason?: 'no_public_url' | 'loopback';
}
