import { Injectable } from '@nestjs/common';
import { DatabaseUnavailableError } from '#libs/database';
import { KeyedMutex } from '#libs/runtime';
import { MAX_INPUT_BYTES } from '../store/fragments/queue-limit.js';
import { DueTaskRepository } from '../store/due-task.repository.js';
import { TrackingOptions } from '../tracking-options.js';

/**
 * Holds tasks that turn out to have to wait, because their upstream was full or away, to what their key may have
 * waiting. On this replica one task of a key goes at a time, so that many at once do not all find the last place.
 */
@Injectable()
export class QueueAdmission {
  private readonly keys = new KeyedMutex();

  constructor(
    private readonly tasks: DueTaskRepository,
    private readonly options: TrackingOptions,
  ) {}

  /** Does `work`, told whether there is room for one more task with so many bytes of input; a count that cannot be had says yes. */
  async admit<T>(apiKeyId: string, bytes: number, work: (isAdmitted: boolean) => Promise<T>): Promise<T> {
    return this.keys.run(apiKeyId, async () => work(await this.queueAdmits(apiKeyId, bytes)));
  }

  /** Whether so many bytes may be kept of a task that may be sent again; a count that cannot be had says no. */
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
