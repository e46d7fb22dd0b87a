import type { UpstreamKind } from '../kinds.js';
import type { Capabilities, ShownCapabilities } from './known-capabilities.js';
import type { Upstream } from './upstream.entity.js';

export const FOLLOW_UPS = ['sticky', 'rebase'] as const;
export type FollowUps = (typeof FOLLOW_UPS)[number];

/** Deadlines of one upstream, ms; null: the gateway's own. */
export interface UpstreamTimeouts {
  submitMs: number | null;
  pollMs: number | null;
}

/** The settings of an upstream. `modes` and `actions` null: all. */
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
  /** Parts of its error texts that mean that it is saturated. */
  fullTexts: string[];
  /** User agent of calls; null: the gateway's own. */
  userAgent: string | null;
  /** Version of Midjourney that is named in prompts without one; null: that of its kind, which may be none. */
  defaultVersion: string | null;
  /** Versions of Midjourney that it takes; null: all that its kind has. */
  modelVersions: string[] | null;
  /** Whether follow-ups that only need the picture of a result may go elsewhere. */
  followUps: FollowUps;
}

/** A new upstream; settings that are left out have their defaults. */
export interface UpstreamInput extends Partial<Omit<UpstreamTerms, 'name' | 'timeouts'>> {
  name: string;
  /** http(s); a trailing slash and the path of its kind are removed. */
  baseUrl: string;
  /** Two parts are separated by the first `|`. */
  secret?: string | null;
  /** http, https, socks5 or socks5h, with user name and password where the proxy wants them; null: no proxy. */
  proxyUrl?: string | null;
  /** midjourney-proxy unless given. */
  kind?: UpstreamKind;
  timeouts?: Partial<UpstreamTimeouts>;
}

/** Changed settings of an upstream; settings that are left out stay. */
export interface UpstreamPatch extends Partial<Omit<UpstreamTerms, 'timeouts'>> {
  /** Only the stored address is accepted: another address is another server, which does not know the tasks of this one. */
  baseUrl?: string;
  /** Null: the upstream wants no secret. */
  secret?: string | null;
  /** Null: no proxy. */
  proxyUrl?: string | null;
  timeouts?: Partial<UpstreamTimeouts>;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

/** An upstream as operators see it: its settings, its state, and its capabilities (null: not known yet). */
export interface UpstreamState extends UpstreamTerms, Capabilities {
  id: string;
  kind: UpstreamKind;
  capabilities: ShownCapabilities;
  baseUrl: string;
  hasSecret: boolean;
  hasProxy: boolean;
  /** Its last answers reported a fault of the gateway's key, account or address there, which only an operator can mend. */
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
  /** Class of its last failure: connect, dns, tls, timeout, reset, status_4xx, status_5xx, unreadable. Holds no address. */
  lastError: string | null;
  lastErrorAt: Date | null;
  latencyMs: number | null;
  probedAt: Date | null;
}

/**
 * The state of a circuit. Closed: calls are made. Open: none are made. Half-open: one probe is due, which closes or
 * reopens it.
 */
export function circuitOf({ circuitUntil }: Pick<Upstream, 'circuitUntil'>, now: Date): CircuitState {
  if (circuitUntil === null) return 'closed';
  return circuitUntil > now ? 'open' : 'half-open';
}
