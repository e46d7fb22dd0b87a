import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 50;
const PATIENCE_MS = 90_000;

/** Asks again until the answer is not null; what it waited for is in the error when it never came. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined> | T | null | undefined,
): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined) return answer;
    if (performance.now() > giveUpAt) throw new Error(`waited in vain for ${what}`);
    await sleep(PAUSE_MS);
  }
}
