import { Agent, type Dispatcher } from 'undici';
import { classifyError, OutboundError, readCapped } from '#libs/net';
import { UpstreamCallError, type CallFault } from '../outcome.js';
import type { UpstreamTarget } from '../upstream-adapter.js';
import type { HttpAnswer } from './submit-answer.js';

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 3_000;
/** An upstream may close an idle connection just as we write to it, and then nobody knows whether it got the request. */
const MAX_IDLE_MS = 900;
/** What clients wait for has connections of its own: eight slow seeds would hold up every poll. */
const CLIENT_PATH = /^\/mj\/(?:submit|insight-face)\/|\/(?:image-seed|cancel)$/;

export interface UpstreamRequest {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  /** From now to the last byte of the answer, a wait for a free connection included, ms. */
  deadlineMs: number;
  /** Longest answer; 4 MiB unless given. */
  maxBytes?: number;
  traceparent?: string;
}

/** JSON over HTTP to servers an operator configured: no redirects, a total deadline, a cap on the answer. */
export class UpstreamHttp {
  private readonly submits = agent(64);
  private readonly reads = agent(8);

  /** @throws UpstreamCallError with the class of the failure: `connect`, `dns` and `tls` only where nothing was sent */
  async call(up: UpstreamTarget, request: UpstreamRequest): Promise<HttpAnswer> {
    const abort = new AbortController();
    let begun = false;
    let timer: NodeJS.Timeout | undefined;
    // undici looks at a signal only once a request has a connection, so the deadline is raced as well.
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const late = new OutboundError('timeout', 'answer');
        abort.abort(late);
        reject(late);
      }, request.deadlineMs);
    });
    const onBegin = (): void => {
      begun = true;
    };
    try {
      return await Promise.race([this.exchange(up, request, abort.signal, onBegin), expired]);
    } catch (error) {
      throw callError(error, begun);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.submits.destroy(), this.reads.destroy()]);
  }

  private async exchange(
    up: UpstreamTarget,
    { method, path, body, traceparent, maxBytes = MAX_ANSWER_BYTES }: UpstreamRequest,
    signal: AbortSignal,
    onBegin: () => void,
  ): Promise<HttpAnswer> {
    const url = new URL(up.baseUrl + path);
    const connections = CLIENT_PATH.test(path) ? this.submits : this.reads;
    const answer = await connections.compose(tellBegin(onBegin)).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        ...(up.secret === null ? {} : { 'mj-api-secret': up.secret }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(traceparent === undefined ? {} : { traceparent }),
      },
      // As bytes: a string would be kept beside them for the whole call, and pictures are megabytes.
      body: body === undefined ? null : Buffer.from(JSON.stringify(body), 'utf8'),
      signal,
    });
    return { status: answer.statusCode, body: await readCapped(answer.body, maxBytes) };
  }
}

function agent(connections: number): Agent {
  return new Agent({
    connections,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    keepAliveTimeout: MAX_IDLE_MS,
    keepAliveMaxTimeout: MAX_IDLE_MS,
    // The total deadline of each call bounds both; undici's own timers would only add a second, coarser rule.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** Tells when a request is about to be written to a connection: until then nothing of it can have arrived. */
function tellBegin(onBegin: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (controller, context: unknown) => {
        handler.onRequestStart?.(controller, context);
        if (!controller.aborted) onBegin();
      },
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    });
}

/** The cause is the classified error only: those of sockets and of URL name the address. */
function callError(error: unknown, begun: boolean): UpstreamCallError {
  const known = classifyError(error, begun ? 'answer' : 'connect');
  return known instanceof OutboundError
    ? new UpstreamCallError(faultOf(known, begun), known)
    : new UpstreamCallError(begun ? 'reset' : 'connect');
}

function faultOf({ kind }: OutboundError, begun: boolean): CallFault {
  if (!begun) return kind === 'dns' || kind === 'tls' ? kind : 'connect';
  switch (kind) {
    case 'timeout':
      return 'timeout';
    case 'protocol':
    case 'too_large':
      return 'unreadable';
    default:
      return 'reset';
  }
}
