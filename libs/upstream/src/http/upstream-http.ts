import { lookup } from 'node:dns';
import type { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import {
  decodeContent,
  exchange,
  type Exchanged,
  type ExchangeLimits,
  OutboundError,
  type OutboundProxy,
  parseHttpUrl,
  retryAfter,
  trustedConnector,
} from '#libs/net';
import { jsonPieces } from '../port/json-pieces.js';
import type { UpstreamTarget } from '../port/upstream-adapter.js';
import { parseInTurns } from '../json/answer-json.js';
import { toUtf8 } from './answer-text.js';
import { callError } from './call-error.js';
import { CallSemaphore } from './call-semaphore.js';
import type { HttpAnswer } from './http-answer.js';
import { isJsonList } from '../json/json-items.js';

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 3_000;
/** A proxy takes two connections and two handshakes. */
const TUNNEL_TIMEOUT_MS = 6_000;
/**
 * How long an idle connection is kept. An upstream may close it while a request is being written, and then nobody knows
 * whether it got the request.
 */
const MAX_IDLE_MS = 900;
const SUBMITS = 64;
const READS = 8;

export interface UpstreamRequest {
  method: 'GET' | 'POST';
  /** Below the base URL of the upstream. */
  path: string;
  /** Headers by which the upstream recognises its account. */
  auth: Readonly<Record<string, string>>;
  /**
   * Whether a client waits for the answer: such calls have connections of their own, because eight slow seeds would delay
   * every poll.
   */
  isAwaited: boolean;
  /**
   * True: on a connection of its own. For submits of which nothing can prove that they were not taken: a kept connection
   * that the upstream closes while they are written would lose them, a refused one does not.
   */
  hasOwnConnection?: boolean;
  body?: unknown;
  /** Total deadline from now to the last byte of the answer, the wait for a permit and a connection included, ms. */
  deadlineMs: number;
  /** Longest answer, before and after decompression; 4 MiB unless given. */
  maxBytes?: number;
  /** True: a bare list is not parsed, so that its items can be read one by one. */
  keepsLists?: boolean;
  traceparent?: string;
}

export interface UpstreamHttpOptions {
  /** User agent of requests to upstreams that have none of their own. */
  userAgent: string;
  /** Most calls at a time to all upstreams together, of which a quarter is for reads. Not limited unless given. */
  mostCalls?: number;
  /** Whether connections are kept for the next call; true unless given. */
  keepsConnections?: boolean;
}

/** Connections to upstreams: direct ones, or those through the proxy of one upstream. */
interface UpstreamConnections {
  proxy: OutboundProxy | null;
  submits: Agent;
  /** None is kept for another call. */
  single: Agent;
  reads: Agent;
}

/** HTTP client for JSON of upstreams: follows no redirects, has a total deadline and a byte cap for each answer. */
export class UpstreamHttp {
  private readonly direct: UpstreamConnections;
  /** Connections through proxies, by the id of the upstream. */
  private readonly proxied = new Map<string, UpstreamConnections>();

  private readonly submitPermits: CallSemaphore;
  private readonly readPermits: CallSemaphore;

  constructor(private readonly options: UpstreamHttpOptions) {
    const { mostCalls = Infinity } = options;
    this.readPermits = new CallSemaphore(Math.ceil(mostCalls / 4));
    this.submitPermits = new CallSemaphore(mostCalls === Infinity ? Infinity : mostCalls - Math.ceil(mostCalls / 4));
    this.direct = this.makeConnections(null);
  }

  /**
   * Makes a call.
   * @throws UpstreamCallError with the class of the failure: `connect`, `dns` and `tls` only where nothing was sent
   */
  async call(up: UpstreamTarget, request: UpstreamRequest): Promise<HttpAnswer> {
    let begun = false;
    const onBegin = (): void => {
      begun = true;
    };
    try {
      const { deadlineMs, maxBytes = MAX_ANSWER_BYTES } = request;
      const url = new URL(up.baseUrl + request.path);
      const answer = await this.exchange(up, url, request, { deadlineMs, maxBytes, onBegin });
      if (answer.cut !== null) throw new OutboundError(answer.cut, 'body');
      const read = await readBody(answer, maxBytes);
      return {
        status: answer.status,
        body: read,
        json: request.keepsLists === true && isJsonList(read) ? null : { value: await parseInTurns(read) },
        redirectsTo: redirectsTo(url, answer),
        retryAfterMs: retryAfter(answer.headers['retry-after'], new Date()),
      };
    } catch (error) {
      throw callError(error, begun);
    }
  }

  /** Closes all connections; once closed, again a no-op. */
  async close(): Promise<void> {
    const ways = [this.direct, ...this.proxied.values()];
    await Promise.all(ways.flatMap((way) => agentsOf(way).map((one) => one.destroy())));
  }

  private async exchange(
    up: UpstreamTarget,
    url: URL,
    { method, auth, isAwaited, hasOwnConnection = false, body, traceparent }: UpstreamRequest,
    limits: ExchangeLimits,
  ): Promise<Exchanged> {
    const content = contentOf(body);
    const headers: Record<string, string> = {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': up.userAgent ?? this.options.userAgent,
      ...auth,
    };
    if (traceparent !== undefined) headers['traceparent'] = traceparent;
    const places = isAwaited ? this.submitPermits : this.readPermits;
    return places.run(limits.deadlineMs, (deadlineMs) => {
      const way = this.connectionsTo(up);
      return exchange(
        hasOwnConnection ? way.single : isAwaited ? way.submits : way.reads,
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method,
          headers: Object.assign(headers, content.headers),
          body: content.body,
        },
        { ...limits, deadlineMs },
      );
    });
  }

  /** The connections to an upstream. After a change of its proxy they are made anew; calls under way end on the old ones. */
  private connectionsTo({ id, proxy }: UpstreamTarget): UpstreamConnections {
    const known = this.proxied.get(id);
    if (proxy === null && known === undefined) return this.direct;
    if (known !== undefined && isSame(known.proxy, proxy)) return known;
    if (known !== undefined) {
      this.proxied.delete(id);
      for (const one of agentsOf(known)) void one.close();
    }
    if (proxy === null) return this.direct;
    const way = this.makeConnections(proxy);
    this.proxied.set(id, way);
    return way;
  }

  private makeConnections(proxy: OutboundProxy | null): UpstreamConnections {
    const { keepsConnections = true } = this.options;
    const made = (connections: number, keeps: boolean): Agent => agent(connections, proxy, keeps);
    return {
      proxy,
      submits: made(SUBMITS, keepsConnections),
      single: made(SUBMITS, false),
      reads: made(READS, keepsConnections),
    };
  }
}

function agentsOf({ submits, single, reads }: UpstreamConnections): Agent[] {
  return [submits, single, reads];
}

function isSame(one: OutboundProxy | null, other: OutboundProxy | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The body as UTF-8. A failure's status is enough, so a body of one that cannot be read is taken as empty. */
async function readBody({ status, headers, body }: Exchanged, maxBytes: number): Promise<Buffer> {
  try {
    const decoded = await decodeContent(body, headers['content-encoding'], maxBytes);
    return toUtf8(decoded, headers['content-type']);
  } catch (error) {
    if (status >= 300) return Buffer.alloc(0);
    throw error;
  }
}

/** The absolute target of a redirect without its credentials, query and fragment, which may be secrets; null: none. */
function redirectsTo(from: URL, { status, headers: { location } }: Exchanged): string | null {
  if (status < 300 || status > 399 || location === undefined) return null;
  const to = parseHttpUrl(location, from);
  return to === null ? null : to.origin + to.pathname;
}

/** A body as bytes: a string would be kept beside them for the whole call. Large pictures are not copied. */
function contentOf(body: unknown): Pick<Dispatcher.RequestOptions, 'body'> & { headers: Record<string, string> } {
  if (body === undefined) return { headers: {}, body: null };
  const pieces = jsonPieces(body);
  const headers = { 'content-type': 'application/json' };
  if (pieces.length === 1) return { headers, body: pieces[0] ?? null };
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  // undici accepts any iterable; its types allow streams only.
  return { headers: { ...headers, 'content-length': String(length) }, body: pieces as unknown as Readable };
}

function agent(connections: number, proxy: OutboundProxy | null, keepsConnections: boolean): Agent {
  return new Agent({
    connections,
    // Pipelining of 0 means that no connection is kept.
    pipelining: keepsConnections ? 1 : 0,
    connect:
      proxy === null
        ? { timeout: CONNECT_TIMEOUT_MS }
        : trustedConnector({ lookup, connectMs: TUNNEL_TIMEOUT_MS, proxy: () => proxy }),
    keepAliveTimeout: MAX_IDLE_MS,
    keepAliveMaxTimeout: MAX_IDLE_MS,
    // The total deadline of each call bounds both; undici's own timers would only add a second, coarser rule.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
