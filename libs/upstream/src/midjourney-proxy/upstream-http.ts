import { Agent, request } from 'undici';
import { classifyError, OutboundError, readCapped } from '#libs/net';
import { UpstreamCallError, type CallFault } from '../outcome.js';
import type { UpstreamTarget } from '../upstream-adapter.js';
import type { HttpAnswer } from './submit-answer.js';

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 3_000;
/** An upstream may close an idle connection just as we write to it, and then nobody knows whether it got the request. */
const MAX_IDLE_MS = 900;

export interface UpstreamRequest {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  deadlineMs: number;
}

/** JSON over HTTP to servers an operator configured: no redirects, a total deadline, at most 4 MiB of answer. */
export class UpstreamHttp {
  private readonly submits = agent(64);
  private readonly reads = agent(8);

  /** @throws UpstreamCallError with the class of the failure */
  async call(up: UpstreamTarget, { method, path, body, deadlineMs }: UpstreamRequest): Promise<HttpAnswer> {
    try {
      const answer = await request(up.baseUrl + path, {
        method,
        headers: {
          accept: 'application/json',
          'accept-encoding': 'identity',
          ...(up.secret === null ? {} : { 'mj-api-secret': up.secret }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        dispatcher: path.startsWith('/mj/submit/') ? this.submits : this.reads,
        signal: AbortSignal.timeout(deadlineMs),
      });
      return { status: answer.statusCode, body: await readCapped(answer.body, MAX_ANSWER_BYTES) };
    } catch (error) {
      throw error instanceof UpstreamCallError ? error : new UpstreamCallError(faultOf(error), error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.submits.destroy(), this.reads.destroy()]);
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

/** Only what failed before the request was sent is `connect`, `dns` or `tls`: the rest may have been taken. */
function faultOf(error: unknown): CallFault {
  const known = classifyError(error, 'answer');
  if (!(known instanceof OutboundError)) return isTimeout(error) ? 'timeout' : 'reset';
  if (known.phase === 'connect') return known.kind === 'dns' || known.kind === 'tls' ? known.kind : 'connect';
  switch (known.kind) {
    case 'timeout':
      return 'timeout';
    case 'protocol':
    case 'too_large':
      return 'unreadable';
    default:
      return 'reset';
  }
}

function isTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';
}
