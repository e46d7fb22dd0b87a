import { APIMART } from './apimart/apimart.kind.js';
import { MIDJOURNEY_PROXY } from './midjourney-proxy/midjourney-proxy.kind.js';
import type { KindDefinition } from './port/upstream-kind.js';
import { LEGNEXT, YOUCHUAN } from './tob/tob.kinds.js';

/** Every kind of upstream. This is the only place that lists them. */
export const KINDS = {
  'midjourney-proxy': MIDJOURNEY_PROXY,
  apimart: APIMART,
  youchuan: YOUCHUAN,
  legnext: LEGNEXT,
} satisfies Record<string, KindDefinition>;

export type UpstreamKind = keyof typeof KINDS;

export const UPSTREAM_KINDS = Object.keys(KINDS) as [UpstreamKind, ...UpstreamKind[]];

/** The kind of an upstream of which nobody says it: every server that speaks /mj. */
export const USUAL_KIND: UpstreamKind = 'midjourney-proxy';

/** The definition of a kind. */
export function definitionOf(kind: UpstreamKind): KindDefinition {
  return KINDS[kind];
}

/** Whether a text names a kind. */
export function isUpstreamKind(text: string): text is UpstreamKind {
  return Object.hasOwn(KINDS, text);
}

/** Upstream ids in a push, by the kind of upstream that would have sent it. */
export type PushedIds = Partial<Record<UpstreamKind, string>>;

/** The candidate ids in the body of a push, by the kind of upstream that would have sent it. `body`: untrusted JSON. */
export function pushedIdsIn(body: unknown): PushedIds {
  const found = UPSTREAM_KINDS.map((kind) => [kind, definitionOf(kind).pushedId(body)] as const);
  return Object.fromEntries(found.filter(([, id]) => id !== null));
}
