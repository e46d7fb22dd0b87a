import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import {
  countReplay,
  HookDispatcher,
  MAX_REPLAY,
  replayDeliveries,
  resendDelivery,
  type ReplayFilter,
} from '#libs/hooks';
import { Problem, wrongField } from '../../http/errors/problem.js';
import { AdminAudit } from '../admin-audit.js';
import type { AdminCall } from '../admin-call.js';
import type { ReplayDto, ReplayedDto } from './admin-hook.dto.js';

/** Sends hooks again, through the dispatcher and with the same `webhook-id`. */
@Injectable()
export class HookResends {
  constructor(
    private readonly database: Database,
    private readonly audit: AdminAudit,
    private readonly dispatcher: HookDispatcher,
  ) {}

  /** @throws Problem `not_found` */
  async resend(taskId: string, call: AdminCall): Promise<void> {
    await this.audit.within(call, { target: `hook:${taskId}`, detail: {} }, async (runner) => {
      if (!(await resendDelivery(runner, taskId))) throw new Problem('not_found', 'No such hook');
    });
    this.dispatcher.nudge();
  }

  /** @throws Problem for a time that is none */
  async replay({ since, until, state, host, taskId, dryRun }: ReplayDto, call: AdminCall): Promise<ReplayedDto> {
    const filter: ReplayFilter = {
      since,
      until: until ?? this.database.now(),
      state: state ?? null,
      host: host?.toLowerCase() ?? null,
      taskId: taskId ?? null,
    };
    if (filter.since >= filter.until) throw wrongField('since', 'must be before until');
    if (dryRun === true) {
      const count = await countReplay(this.database, filter);
      return { count, more: count > MAX_REPLAY, until: filter.until };
    }
    const count = await this.audit.within(call, { target: 'hooks', detail: filter }, (runner) =>
      replayDeliveries(runner, filter),
    );
    this.dispatcher.nudge();
    return { count, more: count === MAX_REPLAY, until: filter.until };
  }
}
