import { Injectable } from '@nestjs/common';
import { Database, rowReader } from '#libs/database';
import type { SubmitCommand } from '#libs/upstream';
import { toInput } from './command-input.js';
import { CONFIRM_WINDOW } from './sql/confirm.js';
import { Task } from './task.entity.js';
import { TrackingOptions } from './tracking-options.js';

/** What came of confirming a window. */
export type Confirmed =
  | { kind: 'opened'; task: Task }
  | { kind: 'waiting'; task: Task }
  /** It is no open window any more: confirmed by another request, or ended. */
  | { kind: 'gone' }
  | { kind: 'quota' }
  | { kind: 'busy' };

const readTask = rowReader(Task);

/** Takes price and slot of a window that its client confirms; one of several confirmations at once wins. */
@Injectable()
export class WindowConfirmer {
  constructor(
    private readonly database: Database,
    private readonly options: TrackingOptions,
  ) {}

  /**
   * @param price credits, decimal string
   * @throws DatabaseUnavailableError before anything was sent
   */
  async confirm(task: Task, price: string, command: SubmitCommand): Promise<Confirmed> {
    const { submitTimeoutMs, taskTimeoutMs } = this.options;
    const [row] = await this.database.run<{ verdict: 'open' | 'wait' | 'quota' | 'busy' }>(CONFIRM_WINDOW, [
      task.id,
      task.apiKeyId,
      price,
      toInput(command),
      submitTimeoutMs,
      taskTimeoutMs[task.mode],
    ]);
    switch (row?.verdict) {
      case undefined:
        return { kind: 'gone' };
      case 'open':
        return { kind: 'opened', task: readTask(row) };
      case 'wait':
        return { kind: 'waiting', task: readTask(row) };
      case 'quota':
      case 'busy':
        return { kind: row.verdict };
    }
  }
}
