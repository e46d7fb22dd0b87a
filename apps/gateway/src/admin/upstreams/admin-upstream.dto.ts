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
  @ApiProperty({ enum: ['closed', 'open', 'half-open'], description: 'open: it is not called.' })
  circuit!: CircuitState;
  circuitUntil!: Date | null;
  circuitOpens!: number;
  circuitChangedAt!: Date | null;
  lastOkAt!: Date | null;
  /**
   * A class, no address.
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
}
