import { Injectable } from '@nestjs/common';
import { Database, rowReader } from '#libs/database';
import type { SubmitCommand } from '#libs/upstream';
import { toInput } from '../task/stored-command.js';
import { CONFIRM_MODAL } from '../store/transitions/confirm-modal.js';
import { MAX_INPUT_BYTES } from '../store/fragments/queue-limit.js';
import { BUSY_RETRY_SECONDS } from '../store/open-verdict.js';
import { Task } from '../task/task.entity.js';
import { TrackingOptions } from '../tracking-options.js';

/** Price and prompt of a confirmation. */
export interface ModalTerms {
  /** Price in credits, decimal string. */
  price: string;
  /** The prompt that the client wrote into the modal; null leaves the prompt of the task unchanged. */
  prompt: string | null;
}

/** Result of confirming a modal. */
export type Confirmed =
  | { kind: 'opened'; task: Task }
  | { kind: 'waiting'; task: Task }
  /** The task is no longer an unconfirmed modal: another request confirmed it, or it ended. */
  | { kind: 'gone' }
  | { kind: 'quota' }
  | { kind: 'busy'; retryAfterSeconds: number }
  | { kind: 'queue_full' };

const readTask = rowReader(Task);

/**
 * Confirms modals: takes price and slot again for a modal that its client confirms. Of several concurrent confirmations
 * one wins.
 */
@Injectable()
export class ModalConfirmer {
  constructor(
    private readonly database: Database,
    private readonly options: TrackingOptions,
  ) {}

  /**
   * @param sendMs longest time that the upstream may take to answer
   * @throws DatabaseUnavailableError before anything was sent
   */
  async confirm(task: Task, { price, prompt }: ModalTerms, command: SubmitCommand, sendMs: number): Promise<Confirmed> {
    const { taskTimeoutMs, queueLimit } = this.options;
    const [row] = await this.database.run(CONFIRM_MODAL, {
      taskId: task.id,
      apiKeyId: task.apiKeyId,
      price,
      input: toInput(command),
      sendTimeoutMs: sendMs,
      lifeMs: taskTimeoutMs[task.mode],
      queueLimit,
      mostBytes: MAX_INPUT_BYTES,
      prompt,
    });
    switch (row?.verdict) {
      case undefined:
        return { kind: 'gone' };
      case 'open':
        return { kind: 'opened', task: readTask(row) };
      case 'wait':
        return { kind: 'waiting', task: readTask(row) };
      case 'busy':
        return { kind: 'busy', retryAfterSeconds: BUSY_RETRY_SECONDS };
      case 'quota':
      case 'queue_full':
        return { kind: row.verdict };
    }
  }
}
