import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { LocalErrorName } from '#libs/wire';
import { MjError } from '../errors/mj-error.js';

/**
 * Refuses ambiguous request heads before anything else looks at them: no Host or several, and bodies in a transfer coding
 * other than `chunked` (request smuggling). To be installed before any hook that may answer.
 */
export function installHeadCheck(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const refusal = refusalOf(request.raw);
    if (refusal === null) return done();
    // An ambiguous head leaves open where the next request begins: the connection is closed.
    void reply.header('connection', 'close');
    done(new MjError(refusal));
  });
}

function refusalOf({ rawHeaders, headers, httpVersion }: IncomingMessage): LocalErrorName | null {
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return 'transfer_encoding_not_supported';
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  // HTTP/1.0 knows no Host.
  return hosts > 1 || (hosts === 0 && httpVersion === '1.1') ? 'request_is_malformed' : null;
}
