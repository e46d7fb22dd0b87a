import type { Socket } from 'node:net';
import type { LocalErrorName } from '#libs/wire';
import type { Connections } from '../traffic/connections.js';
import { errorBody } from './mj-error.js';

/** What Node's HTTP parser refuses, before there is a request that a route could answer. */
const REFUSALS: Record<string, { line: string; description: LocalErrorName }> = {
  ERR_HTTP_REQUEST_TIMEOUT: { line: '408 Request Timeout', description: 'request_timeout' },
  HPE_HEADER_OVERFLOW: { line: '431 Request Header Fields Too Large', description: 'request_header_too_large' },
};
const MALFORMED = { line: '400 Bad Request', description: 'request_is_malformed' as const };

/**
 * Answers what the parser refuses (a request that comes too slowly, headers that are too large, anything that is not
 * HTTP) in JSON like every other error, and closes the connection: what follows on it cannot be told apart any more.
 * Nothing is written into an answer that has begun already.
 */
export class ParserRefusals {
  constructor(private readonly connections: Connections) {}

  refuse(error: NodeJS.ErrnoException, socket: Socket): void {
    const isAnswering = this.connections.isAnswering(socket);
    if (error.code !== 'ECONNRESET' && socket.writable && !isAnswering) socket.write(refusal(error.code ?? ''));
    socket.destroySoon();
  }
}

function refusal(code: string): string {
  const { line, description } = REFUSALS[code] ?? MALFORMED;
  const body = JSON.stringify(errorBody(description));
  return [
    `HTTP/1.1 ${line}`,
    'content-type: application/json; charset=utf-8',
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
