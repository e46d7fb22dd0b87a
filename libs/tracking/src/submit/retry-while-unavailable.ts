import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailableError } from '#libs/database';

/** Between one try and the next, ms; a client waits meanwhile. */
const PAUSES_MS = [100, 400, 1_000, 2_000];

/** Does `work`, and does it again while Postgres is away; null, and `onGivenUp`, when that took too long. What `work` throws else it throws. */
export async function retryWhileUnavailable<T>(work: () => Promise<T>, onGivenUp: () => void): Promise<T | null> {
  for (const pause of [...PAUSES_MS, null]) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      if (pause !== null) await sleep(pause);
    }
  }
  onGivenUp();
  return null;
}
