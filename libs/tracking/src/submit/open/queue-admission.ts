import { Injectable } from '@nestjs/common';
import { DatabaseUnavailableError } from '#libs/database';
import { KeyedMutex } from '#libs/runtime';
import { MAX_INPUT_BYTES } from '../../store/fragments/queue-limit.js';
import { DueTaskRepository } from '../../store/due-task.repository.js';
import { TrackingOptions } from '../../tracking-options.js';

/**
 * Applies the queue limit of a key to tasks that have to wait only after their send, because their upstream was full or
 * unavailable. A mutex per key admits one task at a time on this replica, so that concurrent tasks do not all find the
 * last place.
 */
@Injectable()
export class QueueAdmission {
  private readonly keys = new KeyedMutex();

  constructor(
    private readonly tasks: DueTaskRepository,
    private readonly options: TrackingOptions,
  ) {}

  /**
   * Runs `work` with whether the queue admits one more task with `bytes` of input; the queue admits it when the
   * database cannot be asked.
   */
  async admit<T>(apiKeyId: string, bytes: number, work: (isAdmitted: boolean) => Promise<T>): Promise<T> {
    return this.keys.run(apiKeyId, async () => work(await this.queueAdmits(apiKeyId, bytes)));
  }

  /** Whether `bytes` of input may be stored for a retry; false when the database cannot be asked. */
  async mayKeep(apiKeyId: string, bytes: number): Promise<boolean> {
    try {
      return await this.tasks.inputFits(apiKeyId, bytes, MAX_INPUT_BYTES);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      return false;
    }
  }

  private async queueAdmits(apiKeyId: string, bytes: number): Promise<boolean> {
    try {
      return await this.tasks.queueAdmits(apiKeyId, bytes, this.options.queueLimit, MAX_INPUT_BYTES);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      return true;
    }
  }
}
