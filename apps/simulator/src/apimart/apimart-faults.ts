import { FAULTS } from '../wire/faults.js';
import { ordersOfHeader, ordersOfPrompt } from '../wire/orders.js';

/** What `/mj` has as well and means the same here, and what is APIMart's own. */
export const APIMART_FAULTS = {
  'http-400': 'Refuses with HTTP 400 invalid_request_error.',
  'http-401': 'Refuses with HTTP 401 authentication_error.',
  'http-402': 'Refuses with HTTP 402 payment_required.',
  'http-403': 'Refuses with HTTP 403 permission_error.',
  'http-404': 'Refuses with HTTP 404 not_found_error.',
  'http-422': 'Refuses with HTTP 422, a banned prompt.',
  'http-429': 'Refuses with HTTP 429 rate_limit_error; the argument, if any, is Retry-After in seconds.',
  'http-500': 'Refuses with HTTP 500; nothing is accepted.',
  'http-502': 'Refuses with HTTP 502 bad_gateway; nothing is accepted.',
  'http-503': 'Refuses with HTTP 503.',
  'code-3': "Refuses with HTTP 200 and midjourney-proxy's code 3 in the body, no usable account.",
  'code-4': "Refuses with HTTP 200 and midjourney-proxy's code 4 in the body, a validation error.",
  'code-9': "Refuses with HTTP 200 and midjourney-proxy's code 9 in the body, a failure of the system.",
  'code-24': "Refuses with HTTP 200 and midjourney-proxy's code 24 in the body; the argument names the banned word.",
  'code-21': "Accepts and answers midjourney-proxy's code 21 with the task's id, which for inpaint means its window.",
  metadata: 'Reads of the task give its metadata back.',
  reads: 'Reads of the task break: the argument is hang, reset, unreadable, 429, 500 or 502 (the default).',
  wrapped: 'Reads of the task stand in {"code":200,"data":…}.',
  unreadable: FAULTS.unreadable,
  hang: FAULTS.hang,
  duplicate: FAULTS.duplicate,
  late: FAULTS.late,
  'accept-hang': FAULTS['accept-hang'],
  'accept-500': FAULTS['accept-500'],
  'accept-unreadable': FAULTS['accept-unreadable'],
  reset: FAULTS.reset,
  fail: 'The task ends FAILURE; the argument is its fail_reason ("No available upstream" without one).',
  slow: FAULTS.slow,
  stall: 'The task begins and does not end before it times out.',
  forget: 'The task is unknown 1 s after it was accepted.',
  'no-picture': FAULTS['no-picture'],
  'dead-picture': FAULTS['dead-picture'],
  'core-only': 'Reads of the task have no cost, no times, no mode and no description.',
  small: FAULTS.small,
} as const;

export type ApimartFaultName = keyof typeof APIMART_FAULTS;
export type ApimartFaults = ReadonlyMap<ApimartFaultName, string>;

const isFault = (name: string): name is ApimartFaultName => Object.hasOwn(APIMART_FAULTS, name);

/** What a header `x-simulator-fault` orders. */
export const faultsOfHeader = (header: string): { faults: ApimartFaults; unknown: string | null } =>
  ordersOfHeader(header, isFault);

/** What a prompt orders by `[sim:name=argument]`, and the prompt without it. */
export const faultsOfPrompt = (prompt: string): { faults: ApimartFaults; prompt: string } =>
  ordersOfPrompt(prompt, isFault);
