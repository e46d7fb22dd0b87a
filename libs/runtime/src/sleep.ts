import { setTimeout as timeout } from 'node:timers/promises';

/**
 * Waits for `ms`, or until the signal is aborted. Never throws.
 * @param options `ref: false`: the wait does not keep the process alive
 * @returns true: all of the time has passed; false: the signal ended the wait
 */
export async function sleep(ms: number, signal: AbortSignal, options: { ref?: boolean } = {}): Promise<boolean> {
  try {
    await timeout(ms, undefined, { signal, ...options });
    return true;
  } catch {
    return false;
  }
}
