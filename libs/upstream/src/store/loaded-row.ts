import { rowReader } from '#libs/database';
import { shownCapabilities } from './known-capabilities.js';
import { circuitOf, type UpstreamState } from './upstream-state.js';
import { Upstream } from './upstream.entity.js';

/** A row of `upstream` with its slots. */
export type LoadedRow = Upstream & { running: number; maxConcurrent: number };

const readUpstream = rowReader(Upstream);

export function readLoaded(row: object): LoadedRow {
  const { running, max_concurrent: maxConcurrent } = row as { running: number; max_concurrent: number };
  return Object.assign(readUpstream(row), { running, maxConcurrent });
}

/** An upstream as operators see it: without its secrets, with what its kind settles. */
export function stateOf(row: LoadedRow, now: Date): UpstreamState {
  const { secret, proxyUrl, misconfigured, submitTimeoutMs, pollTimeoutMs, linksFetchedAt: _, ...shown } = row;
  const capabilities = shownCapabilities(row.kind, row);
  const { readsBatches, listsRecent, echoesState, pushes } = capabilities;
  return {
    ...shown,
    ...{ readsBatches, listsRecent, echoesState, pushes },
    capabilities,
    hasSecret: secret !== null,
    hasProxy: proxyUrl !== null,
    misconfigured: misconfigured !== null,
    timeouts: { submitMs: submitTimeoutMs, pollMs: pollTimeoutMs },
    circuit: circuitOf(row, now),
  };
}
