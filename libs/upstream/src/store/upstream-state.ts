import type { Upstream } from './upstream.entity.js';

/** Deadlines of one upstream, ms; null: the gateway's own. */
export interface UpstreamTimeouts {
  submitMs: number | null;
  pollMs: number | null;
}

/** What an operator sets. `modes` and `actions` null: all. */
export interface UpstreamTerms {
  name: string;
  weight: number;
  priority: number;
  modes: string[] | null;
  actions: string[] | null;
  /** Slots. */
  maxConcurrent: number;
  enabled: boolean;
  acceptsNotifyHook: boolean;
  acceptsAccountFilter: boolean;
  timeouts: UpstreamTimeouts;
  /** Parts of its error texts that mean "full, try later". */
  fullTexts: string[];
  /** What it is called with; null: the gateway's own. */
  userAgent: string | null;
}

/** A new upstream; what is left out has its default. */
export interface UpstreamInput extends Partial<Omit<UpstreamTerms, 'name' | 'timeouts'>> {
  name: string;
  /** http(s); a trailing slash and /mj are taken off. */
  baseUrl: string;
  secret?: string | null;
  /** http, https, socks5 or socks5h, with name and password where it wants them; null: none. */
  proxyUrl?: string | null;
  kind?: 'midjourney-proxy';
  timeouts?: Partial<UpstreamTimeouts>;
}

/** What of an upstream is to change; what is left out stays. */
export interface UpstreamPatch extends Partial<Omit<UpstreamTerms, 'timeouts'>> {
  /** Only the address that it has: another address is another server, whose tasks have other ids. */
  baseUrl?: string;
  /** null: it wants none. */
  secret?: string | null;
  /** null: none. */
  proxyUrl?: string | null;
  timeouts?: Partial<UpstreamTimeouts>;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

/** An upstream as operators see it: its terms, how it stands, and what it turned out to offer (null: not known yet). */
export interface UpstreamState extends UpstreamTerms {
  id: string;
  kind: 'midjourney-proxy';
  baseUrl: string;
  hasSecret: boolean;
  hasProxy: boolean;
  /** Only its operator can help: its last answers spoke of our key, account or address there. */
  misconfigured: boolean;
  createdAt: Date;
  /** Null: live. */
  retiredAt: Date | null;
  /** Slots taken now. */
  running: number;
  circuit: CircuitState;
  circuitUntil: Date | null;
  circuitOpens: number;
  circuitChangedAt: Date | null;
  lastOkAt: Date | null;
  /** A class: connect, dns, tls, timeout, reset, status_4xx, status_5xx, unreadable. No address. */
  lastError: string | null;
  lastErrorAt: Date | null;
  latencyMs: number | null;
  readsBatches: boolean | null;
  listsRecent: boolean | null;
  echoesState: boolean | null;
  pushes: boolean | null;
  probedAt: Date | null;
}

/** Closed: calls go there. Open: none do. Half-open: one probe is due, and decides. */
export function circuitOf({ circuitUntil }: Pick<Upstream, 'circuitUntil'>, now: Date): CircuitState {
  if (circuitUntil === null) return 'closed';
  return circuitUntil > now ? 'open' : 'half-open';
}
