import { lookup as systemLookup } from 'node:dns';
import { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import { CappedBody, discard, refuseByHeaders } from './answer-body.js';
import { Deadline } from './deadline.js';
import { exchange } from './exchange.js';
import { guardedConnector, trustedConnector } from '../connect/guarded-connector.js';
import { classifyError, OutboundError } from './outbound-error.js';
import type {
  Download,
  DownloadOptions,
  GuardedClientOptions,
  PostAnswer,
  PostOptions,
} from './guarded-client-options.js';
import { followRedirect, headersForHop, redirectLocation } from './redirect.js';
import { checkShape, checkUrl } from '../policy/url-check.js';

/** Informational answers before the real one; one more ends the call. */
const MAX_INFORMATIONAL = 16;
const MAX_HEADER_BYTES = 16 * 1024;
const DEFAULT_HEAD_BYTES = 1_024;

/**
 * Makes HTTP calls to URLs that a client or an upstream gave, under the egress policy. Each use has a client of its own,
 * which owns its connections, so that slow pictures take no connection from hooks. HTTP/1.1 only, no proxy but one that an
 * operator configured, no cookies, no decompression, no retries.
 */
export class GuardedClient {
  private readonly guarded: Agent;
  /** Connections to exempt origins, apart from the guarded ones, so that neither agent uses the other's connections. */
  private readonly exempt: Agent;

  constructor(private readonly options: GuardedClientOptions) {
    const { policy, connectMs, ca, lookup = systemLookup, proxy, exemptProxy } = options;
    this.guarded = this.agent(guardedConnector(policy, { lookup, connectMs, ca, proxy }));
    this.exempt = this.agent(trustedConnector({ lookup, connectMs, ca, proxy: exemptProxy }));
  }

  /**
   * Sends one POST. Redirects are answers like any other.
   *
   * @throws OutboundError where no status came back; why a body broke off is in `cut`
   */
  async post(url: string, options: PostOptions): Promise<PostAnswer> {
    const target = this.check(url);
    const started = performance.now();
    const answer = await exchange(
      this.agentFor(target),
      {
        ...pathOf(target),
        method: 'POST',
        headers: this.headers(options.headers),
        body: options.body,
        reset: options.keepAlive === false,
      },
      {
        deadlineMs: options.deadlineMs,
        maxBytes: options.maxAnswerBytes,
        keepBytes: options.headBytes ?? DEFAULT_HEAD_BYTES,
        maxInformational: MAX_INFORMATIONAL,
      },
    );
    const { status, headers, body: head, cut } = answer;
    return { status, headers, head, cut, ms: Math.round(performance.now() - started) };
  }

  /**
   * Sends one GET and follows a few redirects, each checked like the first URL. Once it has resolved, `body` fails with
   * an OutboundError if the rest is too long, too late or cut off; destroying it frees the connection at once.
   *
   * @throws OutboundError where there is no acceptable answer: among others `too_large` for a Content-Length over the
   *   cap and `encoding` for a compressed body, before any of it is read
   */
  async download(url: string, options: DownloadOptions): Promise<Download> {
    const first = this.check(url);
    const deadline = new Deadline(options.deadlineMs, options.signal);
    try {
      const { answer, target } = await this.follow(first, options, deadline);
      const found = { status: answer.statusCode, headers: answer.headers, url: target.href };
      if (answer.statusCode < 200 || answer.statusCode > 299) {
        discard(answer.body);
        deadline.end();
        return { ...found, body: Readable.from([]) };
      }
      refuseByHeaders(answer, options.maxBytes);
      deadline.phase = 'body';
      return { ...found, body: new CappedBody(answer.body, options.maxBytes, () => deadline.end()) };
    } catch (error) {
      deadline.end();
      throw error;
    }
  }

  /** Ends every call and connection now; a call in flight fails with kind `aborted`, and so does a later one. */
  async close(): Promise<void> {
    await Promise.all([this.guarded.destroy(), this.exempt.destroy()]);
  }

  private async follow(
    first: URL,
    { accept, headers = {}, maxHops }: DownloadOptions,
    deadline: Deadline,
  ): Promise<{ answer: Dispatcher.ResponseData; target: URL }> {
    let target = first;
    let own = headers;
    const seen = new Set<string>();
    for (;;) {
      seen.add(target.href);
      const answer = await this.get(target, { ...own, accept }, deadline);
      const location = redirectLocation(answer.statusCode, answer.headers.location);
      if (location === null) return { answer, target };
      discard(answer.body);
      if (seen.size > maxHops) throw new OutboundError('redirect', 'answer', 'hops');
      const next = this.check(followRedirect(target, location, seen));
      own = headersForHop(own, target, next);
      target = next;
    }
  }

  private async get(
    target: URL,
    headers: Record<string, string>,
    deadline: Deadline,
  ): Promise<Dispatcher.ResponseData> {
    // A request that is aborted before it has a connection would still open one.
    deadline.signal.throwIfAborted();
    let informational = 0;
    const answer = this.agentFor(target).request({
      ...pathOf(target),
      method: 'GET',
      headers: this.headers(headers),
      signal: deadline.signal,
      onInfo: () => {
        if (++informational > MAX_INFORMATIONAL)
          deadline.abort(new OutboundError('protocol', 'answer', 'informational'));
      },
    });
    try {
      return await deadline.race(answer);
    } catch (error) {
      // The deadline may have passed in the very turn in which the answer came.
      answer.then(({ body }) => discard(body)).catch(() => undefined);
      throw classifyError(error, 'answer');
    }
  }

  private headers(own: Record<string, string>): Record<string, string> {
    const headers = new Map(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
    headers.delete('host');
    const { userAgent } = this.options;
    headers.set('user-agent', typeof userAgent === 'string' ? userAgent : userAgent());
    headers.set('accept-encoding', 'identity');
    return Object.fromEntries(headers);
  }

  private check(text: string): URL {
    const { policy, maxUrlLength, rewrite = (url: URL) => url } = this.options;
    const shape = checkShape(text, maxUrlLength);
    if (shape.kind === 'refused') throw new OutboundError('blocked', 'connect', shape.reason);
    const target = rewrite(shape.url);
    const checked = this.isExempt(target) ? { ...shape, url: target } : checkUrl(target.href, policy, Infinity);
    if (checked.kind === 'refused') throw new OutboundError('blocked', 'connect', checked.reason);
    checked.url.hash = '';
    return checked.url;
  }

  private agentFor(target: URL): Agent {
    return this.isExempt(target) ? this.exempt : this.guarded;
  }

  private isExempt(url: URL): boolean {
    return this.options.exemptOrigins?.().has(url.origin) ?? false;
  }

  private agent(connect: Agent.Options['connect']): Agent {
    return new Agent({
      connect,
      connections: this.options.maxConnectionsPerOrigin,
      // No keep-alive time at all means that no connection is kept.
      pipelining: this.options.keepsConnections === false ? 0 : 1,
      maxHeaderSize: MAX_HEADER_BYTES,
      // The deadline of the call bounds both.
      headersTimeout: 0,
      bodyTimeout: 0,
      // A peer may ask to be kept longer than undici's 4 s, but not for the 10 minutes that undici would grant.
      keepAliveMaxTimeout: 10_000,
      // A busy connection must not stay for ever with an address that its name no longer has.
      maxRequestsPerClient: 1_000,
    });
  }
}

function pathOf({ origin, pathname, search }: URL): { origin: string; path: string } {
  return { origin, path: pathname + search };
}
