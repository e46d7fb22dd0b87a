import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from '../../generated/openapi.ts';
import { connection, noteOutcome } from './connection.ts';
import { CallFailure, failureOf, OFFLINE } from './failure.ts';
import { GATEWAY_ROOT } from './gateway-url.ts';

/** Shapes of the gateway's API, by their names in openapi.json. */
export type Schemas = components['schemas'];
/** A task as /mj shows it. */
export type Task = Schemas['TaskDto'];

/** A foreign page cannot send this header: the gateway asks for it with everything that the cookie may change. */
export const STUDIO_HEADER = { 'x-journeyman-studio': '1' } as const;

/** Called when the gateway does not take the session (any more). @param name of the error */
export const sessionRefused: { listener: (name: string) => void } = { listener: () => undefined };

const watchful: Middleware = {
  onRequest({ request }) {
    request.headers.set('x-journeyman-studio', '1');
    return request;
  },
  async onResponse({ request, response }) {
    if (response.ok) return noteOutcome(response.status);
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => null);
    const failure = failureOf(response, body);
    noteOutcome(response.status, failure.name);
    if (response.status === 401 && !request.url.endsWith('/studio/session')) sessionRefused.listener(failure.name);
    throw new CallFailure(failure);
  },
  onError({ request }) {
    if (request.signal.aborted) return;
    connection.value = 'offline';
    return new CallFailure(OFFLINE);
  },
};

/**
 * Calls of the gateway, typed from its OpenAPI document. Each answers `{data}`; an error answer is thrown as a CallFailure, and
 * so is a lost connection.
 */
export const api = createClient<paths>({ baseUrl: GATEWAY_ROOT.href.replace(/\/$/, ''), credentials: 'same-origin' });
api.use(watchful);

/** A call of a route by method and path, for what has no type of its own. @throws CallFailure */
export async function call<Answer>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  { body, signal, headers }: { body?: unknown; signal?: AbortSignal; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const url = new URL(path.replace(/^\//, ''), GATEWAY_ROOT);
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      credentials: 'same-origin',
      headers: {
        ...STUDIO_HEADER,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    connection.value = 'offline';
    throw new CallFailure(OFFLINE);
  }
  const answer: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) {
    const failure = failureOf(response, answer);
    noteOutcome(response.status, failure.name);
    if (response.status === 401 && !url.pathname.endsWith('/studio/session')) sessionRefused.listener(failure.name);
    throw new CallFailure(failure);
  }
  noteOutcome(response.status);
  return answer as Answer;
}
