import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Longest shutdown, ms; shorter than the 20 s after which supervisors kill. Unfinished work is taken over when its lease ends. */
const LONGEST_DRAIN_MS = 17_000;

/**
 * Says that the gateway listens, and drains it at SIGTERM, SIGINT, or when the process that started it is gone: exit 0
 * when everything ended in time.
 */
export function runUntilStopped(app: NestFastifyApplication): void {
  const log = new Logger('Process');
  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    log.log(`stopping: ${why}`);
    setTimeout(() => {
      log.error('the drain took too long');
      process.exit(1);
    }, LONGEST_DRAIN_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error(error instanceof Error ? error : String(error));
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
  process.on('disconnect', () => stop('the process that started it is gone'));
  void app.getUrl().then((url) => {
    log.log(`listening on ${url}`);
    process.send?.({ type: 'listening', url });
  });
}
