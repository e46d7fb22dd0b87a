import { ApiProperty } from '@nestjs/swagger';
import { STUCK_REASONS, type StuckCode, type StuckReason } from './stuck-reason.js';

const NEXT_STEPS = ['poll', 'look_up', 'send', 'window_ends', 'deadline', 'hook_sending', 'hook_try'] as const;

/** A submit of a task to an upstream. Polls are made for many tasks at once, and are not told apart. */
export class UpstreamCallDto {
  id!: string;
  at!: Date;
  upstreamId!: string;
  /** @example 'tokyo' */
  upstreamName!: string;
  /** @example 'submit' */
  operation!: string;
  /**
   * What came of it: accepted, queued, window, exists, uploaded, full, nothing_done, banned, refused, unknown.
   * @example 'accepted'
   */
  result!: string;
  /** @example 412 */
  ms!: number;
}

/** What happens next, without anybody's doing. */
export class NextStepDto {
  @ApiProperty({ enum: NEXT_STEPS, description: 'send: once a slot is free.' })
  what!: (typeof NEXT_STEPS)[number];
  /** When it is due; it may be late. */
  at!: Date | null;
}

/** Why a task, or the hook that tells of its end, is where it is. */
export class StuckDto implements StuckReason {
  @ApiProperty({
    enum: STUCK_REASONS,
    description:
      'past_deadline: ends in timeout now · outcome_unknown: not known whether its upstream took it · window_open: waits for ' +
      'its client · follows_task: ends with the task of `aliasOf` · upstream_misconfigured, circuit_open: its upstream gets no ' +
      'calls · no_upstream: none that could do it is enabled and well · slot_awaited: `ahead` go before it · ' +
      'missing_at_upstream: no longer listed there · picture_awaited: a success without a picture, asked about again · ' +
      'polls_late: asked about later than planned · running: nothing is wrong · receiver_failing, hook_pending: its end is yet ' +
      'to be told · hook_dead: all tries are used up · hook_cancelled: its receiver answered 410',
  })
  code!: StuckCode;
  since!: Date | null;
  /** Tasks that are served before it. */
  ahead!: number | null;
  /** @example 'tokyo' */
  upstreamName!: string | null;
  /**
   * Class of the failure that keeps its upstream from being called.
   * @example 'timeout'
   */
  upstreamError!: string | null;
  /**
   * Receiver of its hook.
   * @example 'shop.example:443'
   */
  host!: string | null;
  /** null: only a person can move it on. */
  @ApiProperty({ type: NextStepDto, nullable: true })
  next!: NextStepDto | null;
}
