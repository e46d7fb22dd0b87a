import type { Schemas } from '../../../api/client.ts';

export type Upstream = Schemas['AdminUpstreamDto'];
export type UpstreamTest = Schemas['UpstreamTestDto'];
export type Kind = Upstream['kind'];
export const KINDS: readonly Kind[] = ['midjourney-proxy', 'apimart', 'youchuan', 'legnext'];

/** Fields of the form that hold a number. */
export const NUMBERS = ['weight', 'priority', 'maxConcurrent'] as const;
export const TIMEOUTS = ['submitMs', 'pollMs'] as const;
/** Every field of the form, as the gateway names it. */
export const FIELDS = ['name', 'kind', 'baseUrl', 'secret', 'modes', 'actions', ...NUMBERS, ...TIMEOUTS] as const;

/** An upstream as the form holds it. */
export interface UpstreamDraft extends Record<(typeof NUMBERS)[number] | (typeof TIMEOUTS)[number], string> {
  name: string;
  kind: Kind;
  baseUrl: string;
  /** Typed anew; '': as it is, or none. */
  secret: string;
  modes: string[] | null;
  actions: string[] | null;
}

/** What the form begins with. @param of absent: a new one */
export function draftOf(of?: Upstream): UpstreamDraft {
  return {
    name: of?.name ?? '',
    kind: of?.kind ?? 'midjourney-proxy',
    baseUrl: of?.baseUrl ?? '',
    secret: '',
    weight: String(of?.weight ?? 1),
    priority: String(of?.priority ?? 0),
    maxConcurrent: String(of?.maxConcurrent ?? 12),
    submitMs: String(of?.timeouts.submitMs ?? ''),
    pollMs: String(of?.timeouts.pollMs ?? ''),
    modes: of?.modes ?? null,
    actions: of?.actions ?? null,
  };
}

/** The body of a create or a test. */
export function createBodyOf(draft: UpstreamDraft): Record<string, unknown> {
  const { name, kind, baseUrl, secret } = draft;
  return {
    ...changesOf(draft, draftOf()),
    name: name.trim(),
    kind,
    baseUrl: baseUrl.trim(),
    secret: secret.trim() === '' ? null : secret.trim(),
  };
}

/** What differs from what the form began with, but for kind and address, which never change. */
export function changesOf(draft: UpstreamDraft, began: UpstreamDraft): Record<string, unknown> {
  const differs = (name: keyof UpstreamDraft): boolean => JSON.stringify(draft[name]) !== JSON.stringify(began[name]);
  const changed: Record<string, unknown> = {};
  for (const name of NUMBERS) if (differs(name)) changed[name] = Number(draft[name]);
  for (const name of ['modes', 'actions'] as const) if (differs(name)) changed[name] = draft[name];
  for (const name of ['name', 'secret'] as const) if (differs(name)) changed[name] = draft[name].trim();
  const timeouts = TIMEOUTS.filter(differs).map((name) => [name, draft[name] === '' ? null : Number(draft[name])]);
  return timeouts.length === 0 ? changed : { ...changed, timeouts: Object.fromEntries(timeouts) };
}
