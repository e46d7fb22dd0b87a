import type { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import { classifyError, exchange, OutboundError, type Exchanged, type ExchangeLimits } from '#libs/net';
import { jsonPieces } from '../json-pieces.js';
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
    let begun = false;
    const onBegin = (): void => {
      begun = true;
    };
    try {
      const { deadlineMs, maxBytes = MAX_ANSWER_BYTES } = request;
      const { status, body, cut } = await this.exchange(up, request, { deadlineMs, maxBytes, onBegin });
      if (cut !== null) throw new OutboundError(cut, 'body');
      return { status, body };
    } catch (error) {
      throw callError(error, begun);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.submits.destroy(), this.reads.destroy()]);
  }

  private async exchange(
    up: UpstreamTarget,
    { method, path, body, traceparent }: UpstreamRequest,
    limits: ExchangeLimits,
  ): Promise<Exchanged> {
    const url = new URL(up.baseUrl + path);
    const content = contentOf(body);
    const headers: Record<string, string> = { accept: 'application/json', 'accept-encoding': 'identity' };
    if (up.secret !== null) headers['mj-api-secret'] = up.secret;
    if (traceparent !== undefined) headers['traceparent'] = traceparent;
    return exchange(
      CLIENT_PATH.test(path) ? this.submits : this.reads,
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: Object.assign(headers, content.headers),
        body: content.body,
      },
      limits,
    );
  }
}

/** As bytes: a string would be kept beside them for the whole call; and large pictures as the bytes that they are. */
function contentOf(body: unknown): Pick<Dispatcher.RequestOptions, 'body'> & { headers: Record<string, string> } {
  if (body === undefined) return { headers: {}, body: null };
  const pieces = jsonPieces(body);
  const headers = { 'content-type': 'application/json' };
  if (pieces.length === 1) return { headers, body: pieces[0] ?? null };
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  // undici takes anything that can be iterated; its types know of streams only.
  return { headers: { ...headers, 'content-length': String(length) }, body: pieces as unknown as Readable };
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
