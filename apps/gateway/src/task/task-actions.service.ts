import { Injectable } from '@nestjs/common';
import { TaskCanceller, TaskSeeds } from '#libs/tracking';
import { parseTaskId, SUBMIT_CODE, SUBMIT_DESCRIPTION } from '#libs/wire';
import { MjError, upstreamNotAvailable } from '../http/errors/mj-error.js';
import type { TaskWishReplyDto } from './task-actions.dto.js';

/** An answer and its HTTP status. */
export interface ActionAnswer {
  status: 200 | 502;
  body: TaskWishReplyDto;
}

const CANCEL_RETRY_SECONDS = 5;

/** Actions on a task that its upstream carries out: reading its seed, cancelling it. */
@Injectable()
export class TaskActionsService {
  constructor(
    private readonly seeds: TaskSeeds,
    private readonly canceller: TaskCanceller,
  ) {}

  /** @throws MjError `task_no_found`, `task_status_not_success`, `upstream_not_available` */
  async seed(id: string, apiKeyId: string): Promise<ActionAnswer> {
    const answer = await this.seeds.seedOf(ownId(id), apiKeyId);
    switch (answer.kind) {
      case 'seed':
        return { status: 200, body: { code: SUBMIT_CODE.ACCEPTED, description: '', result: answer.seed } };
      case 'refused': {
        const description = answer.words || 'The upstream gave no seed';
        return { status: 200, body: { code: SUBMIT_CODE.FAILURE, description, result: null } };
      }
      case 'unreachable':
        return {
          status: 502,
          body: { code: SUBMIT_CODE.UNREACHABLE, description: 'upstream_unreachable', result: null },
        };
      case 'unknown_task':
        throw new MjError('task_no_found');
      case 'not_success':
        throw new MjError('task_status_not_success');
      case 'no_upstream':
        throw upstreamNotAvailable();
    }
  }

  /** @throws MjError `task_no_found`, `task_is_finished`, `cancel_not_supported` */
  async cancel(id: string, apiKeyId: string): Promise<ActionAnswer> {
    const taskId = ownId(id);
    const outcome = await this.canceller.cancel(taskId, apiKeyId);
    switch (outcome.kind) {
      case 'done':
        return {
          status: 200,
          body: { code: SUBMIT_CODE.ACCEPTED, description: SUBMIT_DESCRIPTION.accepted, result: taskId },
        };
      case 'unknown_task':
        throw new MjError('task_no_found');
      case 'finished':
        throw new MjError('task_is_finished');
      case 'not_supported':
        throw new MjError('cancel_not_supported', outcome.passing ? { retryAfter: CANCEL_RETRY_SECONDS } : {});
    }
  }
}

function ownId(id: string): string {
  const known = parseTaskId(id);
  if (known === null) throw new MjError('task_no_found');
  return known;
}
