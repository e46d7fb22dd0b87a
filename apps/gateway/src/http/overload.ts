import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { OutageLog } from '#libs/database';
import type { Shares } from '../traffic/shares.js';
import { MjError } from './mj-error.js';

/** About 100 MB of requests that wait for Postgres or an upstream; long polls and streams are among them. */
const MAX_IN_FLIGHT = 5_000;
const RETRY_SECONDS = 1;
const ALWAYS = /^\/(?:health\/|metrics(?:\?|$))/;

/** Turns requests away while too many are under way, so that an overload ends in answers and not in a dead process. */
export function installOverloadGuard(fastify: FastifyInstance, shares: Shares, maxInFlight = MAX_IN_FLIGHT): void {
  const log = new Logger('Http');
  const overload = new OutageLog({
    began: (why) => log.error({ alarm: 'too many requests at once', why }),
    ended: (seconds) => log.log(`no request is turned away any more, after ${seconds} s`),
  });
  let inFlight = 0;
  shares.add({ name: 'requests', limit: maxInFlight, used: () => inFlight });
  fastify.addHook('onRequest', (request, _reply, done) => {
    inFlight += 1;
    request.life.onEnd(() => (inFlight -= 1));
    // Probes must tell a busy process from a dead one, and an overload is when metrics are wanted.
    if (ALWAYS.test(request.url)) return done();
    if (inFlight <= maxInFlight) {
      overload.worked();
      return done();
    }
    overload.failed(`more than ${maxInFlight} under way`);
    done(new MjError('overloaded', { retryAfter: RETRY_SECONDS }));
  });
}
