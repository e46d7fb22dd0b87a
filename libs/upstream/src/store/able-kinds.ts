import { UPSTREAM_KINDS, type UpstreamKind } from '../kinds.js';
import type { UpstreamTarget } from '../port/upstream-adapter.js';

/**
 * The kinds of upstreams that can do some work, of those that its key accepts; null: all. A kind can do it where one of its
 * upstreams can; kinds without upstreams are not judged, because that takes up to 30 µs a kind, and each send is judged again.
 */
export function ableKinds(
  live: readonly UpstreamTarget[],
  accepted: readonly string[] | null,
  canDo: (target: UpstreamTarget) => boolean,
): UpstreamKind[] | null {
  const present = new Set(live.map(({ kind }) => kind));
  // Work that the only kind cannot do has no candidate, and never waits.
  if (accepted === null && present.size <= 1) return null;
  const isAble = (kind: UpstreamKind): boolean =>
    !present.has(kind) || live.some((target) => target.kind === kind && canDo(target));
  const able = UPSTREAM_KINDS.filter((kind) => (accepted?.includes(kind) ?? true) && isAble(kind));
  return able.length === UPSTREAM_KINDS.length ? null : able;
}
