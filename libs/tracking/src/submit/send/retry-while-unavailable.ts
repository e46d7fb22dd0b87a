import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailableError } from '#libs/database';

/** Pauses between attempts, ms; a client waits meanwhile. */
const PAUSES_MS = [100, 400, 1_000, 2_000];

/**
 * Runs `work`, and again while Postgres is unavailable; returns null and calls `onGivenUp` when that takes too long.
 * Every other error of `work` is thrown.
 */
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
