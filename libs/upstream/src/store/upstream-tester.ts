import type { SecretBox } from '#libs/database';
import { UpstreamCallError } from '../port/outcome.js';
import type { UpstreamAdapter, UpstreamTarget } from '../port/upstream-adapter.js';
import { openSecrets, targetOf, type UsualDeadlines } from './call-target.js';
import { linksReachable } from './links-reachable.js';
import type { Upstream } from './upstream.entity.js';

/** Whether an upstream can fetch links of this gateway. */
export interface LinkReach {
  links: 'reachable' | 'unreachable' | 'unknown';
  /** Why it cannot: there is no PUBLIC_URL, or it is on loopback and the upstream elsewhere. */
  linksReason?: 'no_public_url' | 'loopback';
}

/** The result of a probe. `error`: the class of the failure, or `secret` where the stored secret cannot be opened. */
export interface UpstreamProbe {
  ok: boolean;
  latencyMs: number;
  error?: string;
  /** The target of the redirect that the probe was answered with. */
  redirectsTo?: string;
  /** What is left of the operator's account there, in the upstream's own unit. */
  credit?: string;
}

export interface UpstreamTest extends UpstreamProbe, LinkReach {}

export interface UpstreamTesterOptions extends UsualDeadlines {
  /** Where upstreams reach the gateway; null, or left out: nowhere. */
  publicUrl?: string | null;
}

/** Tries upstreams for their operator. Nothing that it does changes an upstream's circuit or its tasks. */
export class UpstreamTester {
  constructor(
    private readonly adapter: UpstreamAdapter,
    private readonly secrets: SecretBox,
    private readonly options: UpstreamTesterOptions,
  ) {}

  /** @param longestMs deadline of the probe, where it is shorter than the upstream's own */
  async test(row: Upstream, longestMs?: number): Promise<UpstreamTest> {
    return { ...(await this.probe(row, longestMs)), ...this.reachOf(row) };
  }

  /** @param longestMs deadline of the probe, where it is shorter than the upstream's own */
  async probe(row: Upstream, longestMs = Infinity): Promise<UpstreamProbe> {
    let target: UpstreamTarget;
    try {
      target = targetOf(row, openSecrets(row, this.secrets), this.options);
    } catch {
      return { ok: false, latencyMs: 0, error: 'secret' };
    }
    const began = performance.now();
    const took = (): number => Math.round(performance.now() - began);
    try {
      const pollTimeoutMs = Math.min(longestMs, target.pollTimeoutMs);
      const { credit } = await this.adapter.probe({ ...target, pollTimeoutMs });
      return { ok: true, latencyMs: took(), ...(credit === undefined ? {} : { credit }) };
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      const { fault, redirectsTo } = error;
      return { ok: false, latencyMs: took(), error: fault, ...(redirectsTo === null ? {} : { redirectsTo }) };
    }
  }

  private reachOf({ baseUrl, linksFetchedAt }: Upstream): LinkReach {
    const reach = linksReachable(this.options.publicUrl ?? null, baseUrl);
    if (reach !== 'ok') return { links: 'unreachable', linksReason: reach };
    return { links: linksFetchedAt === null ? 'unknown' : 'reachable' };
  }
}
