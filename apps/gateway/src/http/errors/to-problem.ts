import { HttpException } from '@nestjs/common';
import { isCancelled, isUnavailable } from '#libs/database';
import { PermitRefusedError } from '#libs/runtime';
import { MjError } from './mj-error.js';
import { Problem } from './problem.js';
import { RETRY_AFTER } from './retry-after.js';

const TOO_LARGE = new Problem('body_too_large', 'The body is over 256 KiB');
const TOO_SLOW = new Problem('request_timeout', 'The body came too slowly');
const NOT_JSON = new Problem(
  'media_type_not_supported',
  'The body must be JSON, with content-type application/json, as it is or in gzip, deflate or br',
);
const MALFORMED = new Problem('body_is_malformed', 'The body is not JSON');
const NO_HTTP = new Problem('request_is_malformed', 'The request names several hosts, or none');
const NO_CODING = new Problem('transfer_encoding_not_supported', 'The body must come in chunks or have a length');
const NO_ROUTE = new Problem('not_found', 'No such route');
const NO_METHOD = new Problem('method_not_allowed', 'The route exists under another method; see Allow');

/** Failures of the HTTP layer, by the code that Fastify or this gateway gives them. */
const BY_CODE: Record<string, Problem> = {
  FST_ERR_CTP_BODY_TOO_LARGE: TOO_LARGE,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: NOT_JSON,
  FST_ERR_CTP_EMPTY_JSON_BODY: MALFORMED,
  FST_ERR_CTP_INVALID_JSON_BODY: MALFORMED,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: MALFORMED,
  FST_ERR_BAD_URL: NO_ROUTE,
  FST_ERR_NOT_FOUND: NO_ROUTE,
  session_has_ended: new Problem('session_has_ended', 'Nobody is signed in, or the session has ended; sign in again'),
  studio_header_is_missing: new Problem(
    'studio_header_is_missing',
    'A write with the cookie of Studio needs the header x-journeyman-studio: 1',
  ),
  address_not_allowed: new Problem('address_not_allowed', 'The key may not be used from this address'),
  not_found: NO_ROUTE,
  method_not_allowed: NO_METHOD,
  media_type_not_supported: NOT_JSON,
  request_is_malformed: NO_HTTP,
  transfer_encoding_not_supported: NO_CODING,
  request_body_too_large: TOO_LARGE,
  request_timeout: TOO_SLOW,
};

const BY_STATUS: Record<number, Problem> = { 404: NO_ROUTE, 405: NO_METHOD, 413: TOO_LARGE, 415: NOT_JSON };

/** The problem that an error on a route of the admin API is answered with; it holds no text of a driver. */
export function toProblem(exception: unknown): Problem {
  if (exception instanceof Problem) return exception;
  const code = codeOf(exception);
  if (isCancelled(exception)) {
    return new Problem('question_too_slow', 'This looks at too much: narrow it with from, to or keyId', {
      retryAfter: RETRY_AFTER.database,
    });
  }
  if (exception instanceof PermitRefusedError) {
    return new Problem('overloaded', 'Too many such questions at once; try again later', {
      retryAfter: RETRY_AFTER.database,
    });
  }
  if (isUnavailable(exception)) {
    return new Problem('database_unavailable', 'Postgres is away', { retryAfter: RETRY_AFTER.database });
  }
  const status = statusOf(exception);
  if (status === 429)
    return new Problem('too_many_requests', 'Too many requests from this address', retryOf(exception));
  if (status === 503) return new Problem('overloaded', 'Too much at once; try again later', retryOf(exception));
  const known = BY_CODE[code] ?? BY_STATUS[status];
  if (known !== undefined) return known;
  return status >= 400 && status < 500
    ? MALFORMED
    : new Problem('internal_error', 'A fault of the gateway; the request id finds it in the log');
}

function codeOf(exception: unknown): string {
  const code = typeof exception === 'object' && exception !== null && 'code' in exception ? exception.code : '';
  return typeof code === 'string' ? code : '';
}

/** The error's `Retry-After`, where it has one. */
function retryOf(exception: unknown): { retryAfter?: number } {
  const retryAfter = exception instanceof MjError ? exception.extras.retryAfter : undefined;
  return retryAfter === undefined ? {} : { retryAfter };
}

function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  if (exception instanceof MjError) return exception.status;
  const isTold = typeof exception === 'object' && exception !== null && 'statusCode' in exception;
  return isTold ? Number(exception.statusCode) : 0;
}
