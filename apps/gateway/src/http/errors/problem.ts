import { STATUS_CODES } from 'node:http';

/** What the admin API refuses, and with which status; the name is the last part of `type`. */
const PROBLEMS = {
  field_is_invalid: 400,
  body_is_malformed: 400,
  request_is_malformed: 400,
  admin_key_is_invalid: 401,
  sign_in_failed: 401,
  session_has_ended: 401,
  admin_key_is_needed: 403,
  admin_session_is_needed: 403,
  studio_header_is_missing: 403,
  address_not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  state_forbids: 409,
  name_is_taken: 409,
  precondition_failed: 412,
  body_too_large: 413,
  media_type_not_supported: 415,
  too_many_requests: 429,
  internal_error: 500,
  transfer_encoding_not_supported: 501,
  overloaded: 503,
  database_unavailable: 503,
  question_too_slow: 503,
} as const satisfies Record<string, number>;

export type ProblemName = keyof typeof PROBLEMS;

/** A wrong field of a request: its path, e.g. `[2].price`, and what it must be. */
export interface FieldError {
  field: string;
  message: string;
  /** Of a query: the place that it is about, from 1. */
  position?: number;
}

export interface ProblemExtras {
  /** The wrong fields. */
  errors?: readonly FieldError[];
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  retryAfter?: number;
}

/** A refusal of the admin API. `detail` is for the person who reads it, and holds no secret. */
export class Problem extends Error {
  readonly status: number;

  constructor(
    readonly code: ProblemName,
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(detail);
    this.status = PROBLEMS[code];
  }
}

/** A problem with one field. */
export function wrongField(field: string, message: string): Problem {
  return wrongFields([{ field, message }]);
}

export function wrongFields(errors: readonly FieldError[]): Problem {
  const named = errors.map(({ field }) => field).filter((field) => field !== '');
  return new Problem('field_is_invalid', named.length === 0 ? 'The request is wrong' : `Wrong: ${named.join(', ')}`, {
    errors,
  });
}

/** The body of a problem (RFC 9457). @param instance path of the request */
export function problemBody(problem: Problem, instance: string, requestId: string): Record<string, unknown> {
  const { errors } = problem.extras;
  return {
    type: `urn:journeyman:problem:${problem.code}`,
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.detail,
    instance,
    requestId,
    ...(errors === undefined ? {} : { errors }),
  };
}
