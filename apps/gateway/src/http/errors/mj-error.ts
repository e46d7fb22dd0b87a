import { LOCAL_ERRORS, SUBMIT_CODE, SUBMIT_DESCRIPTION, type LocalErrorName } from '#libs/wire';
import { RETRY_AFTER } from './retry-after.js';

export interface MjErrorExtras {
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  retryAfter?: number;
  /** Shown as `properties`, e.g. the field that is wrong. */
  properties?: Record<string, unknown>;
}

/** An error of the gateway itself (code 4), by its name in the catalogue `LOCAL_ERRORS`. */
export class MjError extends Error {
  readonly status: number;

  constructor(
    readonly code: LocalErrorName,
    readonly extras: MjErrorExtras = {},
  ) {
    super(code);
    this.status = LOCAL_ERRORS[code].status;
  }
}

/** A limit of the key is used up: code 30, the only one besides 4 that errors have. */
export class SaturatedError extends MjError {
  constructor(retryAfter: number) {
    super('too_many_requests', { retryAfter });
  }

  body(): Record<string, unknown> {
    return { code: SUBMIT_CODE.SATURATED, description: SUBMIT_DESCRIPTION.saturated, result: null, properties: {} };
  }
}

/** The upstream of the task that a request builds on is switched off, or failing. */
export function upstreamNotAvailable(): MjError {
  return new MjError('upstream_not_available', { retryAfter: RETRY_AFTER.upstream });
}

/** The body of an error: always `code`, `description` and `result`; a 401 also speaks to clients of OpenAI. */
export function errorBody(code: LocalErrorName, properties?: Record<string, unknown>): Record<string, unknown> {
  return {
    code: SUBMIT_CODE.REJECTED,
    description: code,
    result: null,
    ...(properties === undefined ? {} : { properties }),
    ...(LOCAL_ERRORS[code].status === 401
      ? { error: { message: 'Invalid API key provided', type: 'invalid_request_error', code: 'invalid_api_key' } }
      : {}),
  };
}
