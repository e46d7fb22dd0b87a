import type { UpstreamTarget } from './upstream-adapter.js';
import type { Upstream } from './upstream.entity.js';

/** Deadlines of upstreams that have none of their own, ms. */
export interface UsualDeadlines {
  submitTimeoutMs: number;
  pollTimeoutMs: number;
}

/** A row as a call needs it, its secret opened. */
export function targetOf(row: Upstream, secret: string | null, usual: UsualDeadlines): UpstreamTarget {
  return {
    id: row.id,
    name: row.name,
    baseUrl: row.baseUrl,
    secret,
    modes: row.modes,
    actions: row.actions,
    acceptsNotifyHook: row.acceptsNotifyHook,
    acceptsAccountFilter: row.acceptsAccountFilter,
    submitTimeoutMs: row.submitTimeoutMs ?? usual.submitTimeoutMs,
    pollTimeoutMs: row.pollTimeoutMs ?? usual.pollTimeoutMs,
    fullTexts: row.fullTexts,
  };
}
