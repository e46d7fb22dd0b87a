import type { IncomingHttpHeaders } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import type { OutboundProxy } from '../connect/outbound-proxy.js';
import type { EgressPolicy } from '../policy/egress-policy.js';
import type { OutboundErrorKind } from './outbound-error.js';

export interface GuardedClientOptions {
  policy: EgressPolicy;
  /** Sent with every request; a function is asked for each. */
  userAgent: string | (() => string);
  /** Connections to one origin at most; further calls wait, within their deadline. */
  maxConnectionsPerOrigin: number;
  /** From the look-up to the connected socket, with TLS to the finished handshake, ms. */
  connectMs: number;
  /**
   * Origins (`http://10.0.0.5:8081`) that the operator configured and that are therefore exempt from the policy. Called for
   * every hop; an origin matches whole or not at all. Only for pictures: a hook's client has none.
   */
  exemptOrigins?: () => ReadonlySet<string>;
  /** The proxy for calls, called at every connect; null, or left out: none. The policy holds with a proxy too. */
  proxy?: () => OutboundProxy | null;
  /** The proxy for calls to exempt origins, whose names it looks up. */
  exemptProxy?: () => OutboundProxy | null;
  /** Rewrites the host of every hop of a download; the result is checked by the policy. */
  rewrite?: (url: URL) => URL;
  /** Resolves names, with the signature of `dns.lookup`, which is the default. */
  lookup?: LookupFunction;
  /** Longest URL, in UTF-16 units; 2,048 unless given. */
  maxUrlLength?: number;
  /** PEM roots trusted instead of Node's. */
  ca?: string;
  /** Whether connections are kept for the next call; true unless given. */
  keepsConnections?: boolean;
}

export interface PostOptions {
  headers: Record<string, string>;
  body: string | Buffer;
  /** The whole call, ms. */
  deadlineMs: number;
  /** How much of the answer's body is read before the socket is destroyed, bytes. */
  maxAnswerBytes: number;
  /** How much of it the result holds, bytes; 1,024 unless given. */
  headBytes?: number;
  /** Whether the connection is kept for the next call; true unless given. */
  keepAlive?: boolean;
}

export interface PostAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  head: Buffer;
  /** From the call to the last byte that was read, ms. */
  ms: number;
  /** Why the body was not read to its end; null if it was. The status stands in either case. */
  cut: OutboundErrorKind | null;
}

export interface DownloadOptions {
  /** The whole call to the last byte of the body, ms. */
  deadlineMs: number;
  /** Longest body taken, bytes. */
  maxBytes: number;
  /** Redirects followed at most. */
  maxHops: 0 | 1 | 2;
  accept: string;
  /** Further request headers; of these only Range, If-None-Match and their like are sent to another origin. */
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Download {
  status: number;
  headers: IncomingHttpHeaders;
  /** Empty unless the status is 2xx. To be read to its end or destroyed: it holds a connection until then. */
  body: Readable;
  /** Where the answer came from, after redirects. */
  url: string;
}
