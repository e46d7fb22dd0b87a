import { Logger } from '@nestjs/common';
import { lineOf } from '../http/headers/request-line.js';
import type { Connections } from '../traffic/connections.js';

/** At these levels every request has a line; at the others none costs anything for it. */
const LEVELS: ReadonlySet<string> = new Set(['debug', 'trace']);

/** Writes a line for every request that has ended, at debug. */
export function installAccessLog(connections: Connections, level: string): void {
  if (!LEVELS.has(level)) return;
  const log = new Logger('Access');
  connections.observe((request, reply) => {
    request.life.onEnd((how) => {
      const { statusCode, elapsedTime } = reply;
      const status = how === 'answered' ? statusCode : how;
      log.debug({ ...lineOf(request), status, ms: Math.round(elapsedTime), address: request.ip });
    });
  });
}
