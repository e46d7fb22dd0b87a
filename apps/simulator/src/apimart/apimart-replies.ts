import { type Reply } from '../wire/replies.js';

/** Thrown where a submit or a read is refused: what the client is answered. */
export class Refusal extends Error {
  constructor(readonly reply: Reply) {
    super('refused');
  }
}

/** `error.type` by HTTP status. */
const TYPES = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'payment_required',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'invalid_request_error',
  422: 'moderation_error',
  429: 'rate_limit_error',
  500: 'server_error',
  502: 'bad_gateway',
  503: 'service_unavailable',
} as const;

export type ErrorStatus = keyof typeof TYPES;

/** What each status says when nothing more is known. */
const WORDS: Readonly<Record<ErrorStatus, string>> = {
  400: 'Invalid request parameters',
  401: 'Invalid or missing API key',
  402: 'Insufficient account balance',
  403: 'Access to this resource is denied',
  404: 'Task not found',
  413: 'Request body too large',
  422: 'Banned prompt detected',
  429: 'Too many requests, please try again later',
  500: 'Internal server error',
  502: 'Bad gateway',
  503: 'Service temporarily unavailable',
};

/** The error envelope, whose code repeats the HTTP status. */
export const failure = (status: ErrorStatus, message: string = WORDS[status]): Reply => ({
  http: status,
  body: { error: { code: status, type: TYPES[status], message } },
});

export const isErrorStatus = (status: number): status is ErrorStatus => Object.hasOwn(TYPES, status);

/** A request that breaks a rule of a field. */
export const wrong = (message: string): Refusal => new Refusal(failure(400, message));

/** A submit that was taken in; `modal` for one that waits in its window. */
export const submitted = (taskId: string, status: 'submitted' | 'modal'): Reply => ({
  http: 200,
  body: { code: 200, data: [{ status, task_id: taskId }] },
});

/** The same in midjourney-proxy's words, which shine through now and then. */
export const shinesThrough = (taskId: string, window: string | null): Reply => ({
  http: 200,
  body: {
    code: 21,
    description: window === null ? 'Task already exists' : 'Waiting for window confirm',
    result: taskId,
    properties: window === null ? {} : { finalPrompt: window, remix: true },
  },
});
