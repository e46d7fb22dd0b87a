import type { SecretBox } from '#libs/database';
import { parseProxyUrl, type OutboundProxy } from '#libs/net';
import { definitionOf } from '../kinds.js';
import type { UpstreamTarget } from '../port/upstream-adapter.js';
import type { Upstream } from './upstream.entity.js';

/** Deadlines of calls to upstreams that have none of their own, ms. */
export interface UsualDeadlines {
  submitTimeoutMs: number;
  pollTimeoutMs: number;
}

/** The opened secrets of an upstream's row. */
export interface OpenedSecrets {
  secret: string | null;
  proxy: OutboundProxy | null;
}

/** Opens the sealed columns of a row. @throws Error where they were sealed under another key, or are damaged */
export function openSecrets({ secret, proxyUrl }: Upstream, secrets: SecretBox): OpenedSecrets {
  const proxy = proxyUrl === null ? null : parseProxyUrl(secrets.open(proxyUrl));
  if (proxyUrl !== null && proxy === null) throw new Error('the proxy of an upstream is none');
  return { secret: secret === null ? null : secrets.open(secret), proxy };
}

/** The settings of a row that a call needs, with the defaults of the gateway. */
export function targetOf(row: Upstream, { secret, proxy }: OpenedSecrets, usual: UsualDeadlines): UpstreamTarget {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    capabilities: definitionOf(row.kind).capabilities,
    baseUrl: row.baseUrl,
    secret,
    userAgent: row.userAgent,
    proxy,
    modes: row.modes,
    actions: row.actions,
    defaultVersion: row.defaultVersion ?? definitionOf(row.kind).defaultVersion,
    modelVersions: row.modelVersions,
    followUps: row.followUps,
    acceptsNotifyHook: row.acceptsNotifyHook,
    acceptsAccountFilter: row.acceptsAccountFilter,
    submitTimeoutMs: row.submitTimeoutMs ?? usual.submitTimeoutMs,
    pollTimeoutMs: row.pollTimeoutMs ?? usual.pollTimeoutMs,
    fullTexts: row.fullTexts,
  };
}
