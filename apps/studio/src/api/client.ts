import type { components } from '../../generated/openapi.ts';
import { noteOutcome } from './connection.ts';
import { CallFailure, failureOf, OFFLINE } from './failure.ts';
import { GATEWAY_ROOT } from './gateway-url.ts';

/** Shapes of the gateway's API, by their names in openapi.json. */
export type Schemas = components['schemas'];
/** A task as /mj shows it. */
export type Task = Schemas['TaskDto'];

/** A foreign page cannot send this header: the gateway asks for it with everything that the cookie may change. */
const STUDIO_HEADER = { 'x-journeyman-studio': '1' } as const;

/** Called when the gateway does not take the session (any more). @param name of the error */
export const sessionRefused: { listener: (name: string) => void } = { listener: () => undefined };

/** What a call carries. */
interface CallOptions {
  body?: unknown;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A call of a route, whose answer has a type of `Schemas`. @throws CallFailure for an error answer or a lost connection */
export async function call<Answer>(method: Method, path: string, options: CallOptions = {}): Promise<Answer> {
  return (await callWithHeaders<Answer>(method, path, options)).answer;
}

/** The same, where the headers of the answer are of use too, such as its ETag. @throws CallFailure */
export async function callWithHeaders<Answer>(
  method: Method,
  path: string,
  { body, signal, headers }: CallOptions = {},
): Promise<{ answer: Answer; headers: Headers }> {
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
    noteOutcome(0);
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
  return { answer: answer as Answer, headers: response.headers };
}
