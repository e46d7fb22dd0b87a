import type { ServerResponse } from 'node:http';

const LOOK_MS = 5_000;
/** In this time a client that has something to take must have taken some of it … */
const WINDOW_MS = 20_000;
/** … at this rate at least, bytes a second. */
const LEAST_RATE = 16 * 1024;

/**
 * Cuts a client off that does not take its answer: less than 16 KiB a second over 20 s in which there was something to take.
 * What the answer itself waits for is not its client's fault, and does not count.
 */
export function cutSlowReader(response: ServerResponse): void {
  let takenBefore = 0;
  let slowMs = 0;
  let takenInWindow = 0;
  const timer = setInterval(() => {
    const { socket } = response;
    // Behind another answer of the same connection, or all that there is has been taken.
    if (socket === null || response.writableLength === 0) {
      slowMs = takenInWindow = 0;
      return;
    }
    const taken = socket.bytesWritten - socket.writableLength;
    takenInWindow += Math.max(0, taken - takenBefore);
    takenBefore = taken;
    slowMs += LOOK_MS;
    if (slowMs < WINDOW_MS) return;
    if (takenInWindow < (LEAST_RATE * WINDOW_MS) / 1_000) socket.destroy();
    slowMs = takenInWindow = 0;
  }, LOOK_MS);
  timer.unref();
  response.once('close', () => clearInterval(timer));
}
