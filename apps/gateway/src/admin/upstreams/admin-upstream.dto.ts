import { ApiProperty } from '@nestjs/swagger';
import type { CircuitState, UpstreamState, UpstreamTest, UpstreamTimeouts } from '#libs/upstream';

export class UpstreamTimeoutsDto implements UpstreamTimeouts {
  submitMs!: number | null;
  pollMs!: number | null;
}

/** An upstream as operators see it. Its secret is never shown. */
export class AdminUpstreamDto implements UpstreamState {
  /** @example '1' */
  id!: string;
  /** @example 'tokyo' */
  name!: string;
  kind!: 'midjourney-proxy';
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
}
