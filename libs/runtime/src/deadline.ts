/**
 * Does `work` with a signal that is aborted after `ms`. The work has to look at the signal itself; the timer ends with the
 * work, which that of AbortSignal.timeout does not. @throws what `work` throws
 */
export async function withDeadline<T>(ms: number, work: (deadline: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The result of `work`, or null as soon as the signal is aborted. The work goes on either way; a failure that it has after
 * that is dropped. @throws what `work` throws before
 */
export function nullOnAbort<T>(signal: AbortSignal, work: Promise<T>): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(null);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/**
 * The result of `work`, or what `late` gives after `ms`. The work goes on either way; a failure that it has after that is
 * dropped. @throws what `work` throws before, and what `late` throws
 */
export function raceTimeout<T>(ms: number, work: Promise<T>, late: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    // By a promise, so that a failure of `late` is a rejection.
    const timer = setTimeout(() => resolve(Promise.resolve().then(late)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
