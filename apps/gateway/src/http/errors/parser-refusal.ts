import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { LOCAL_ERRORS, type LocalErrorName } from '#libs/wire';
import type { Connections } from '../../traffic/connections.js';
import { errorBody } from './mj-error.js';

/** An error of Node's HTTP parser: there is no request yet that a route could answer. */
export interface ParserError extends Error {
  code?: string;
  reason?: string;
}

/** The error of each code of the parser; any other code means a malformed request. */
const REFUSALS: Record<string, LocalErrorName> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'request_header_too_large',
};

/** The parser's code where the last transfer coding of a body is not `chunked`. */
const NO_CHUNKS = /^Request has invalid `Transfer-Encoding`/;

/**
 * Answers what the parser refuses (a request that comes too slowly, headers that are too large, anything that is not
 * HTTP) in JSON like every other error, and closes the connection: where the next request would begin is unknown. Earlier
 * requests on the connection are answered first.
 */
export class ParserRefusals {
  constructor(private readonly connections: Connections) {}

  refuse(error: ParserError, socket: Socket): void {
    // The head was already handed on as a request, and its route answers it.
    if (error.code === 'HPE_INVALID_TRANSFER_ENCODING' && NO_CHUNKS.test(error.reason ?? '')) return;
    if (error.code === 'ECONNRESET') return void socket.destroy();
    this.connections.endWith(socket, rawAnswer(REFUSALS[error.code ?? ''] ?? 'request_is_malformed'));
  }
}

/** An answer as raw HTTP, for a connection without a response object; the connection is to be closed after it. */
export function rawAnswer(name: LocalErrorName): string {
  const { status } = LOCAL_ERRORS[name];
  const body = JSON.stringify(errorBody(name));
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    'content-type: application/json; charset=utf-8',
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'referrer-policy: no-referrer',
    'x-frame-options: DENY',
    `x-request-id: ${randomUUID()}`,
    'access-control-allow-origin: *',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
