import { PROMPT_RULES } from '#libs/wire';
import { definitionOf, type UpstreamKind } from '../kinds.js';
import type { KindDefinition } from '../port/upstream-kind.js';

/** The settings of an upstream that must fit its kind. */
export interface TermsOfKind {
  /** Not yet sealed; undefined: one that is stored already. */
  secret?: string | null;
  acceptsNotifyHook?: boolean;
  defaultVersion?: string | null;
  modelVersions?: readonly string[] | null;
}

/** A setting that does not fit the kind of its upstream, and what the kind needs instead. */
export interface UnfitTerm {
  field: keyof TermsOfKind;
  /** For the operator; holds nothing of what was given. */
  needs: string;
}

const SECRET_SEPARATOR = '|';

/** The first setting that does not fit a kind; null: all do. */
export function unfitTerm(kind: string, definition: KindDefinition, terms: TermsOfKind): UnfitTerm | null {
  const { secret, acceptsNotifyHook, defaultVersion, modelVersions } = terms;
  const needs = secret === undefined ? null : secretNeeds(kind, definition, secret ?? '');
  if (needs !== null) return { field: 'secret', needs };
  if (acceptsNotifyHook === true && definition.capabilities.pushes === false) {
    return { field: 'acceptsNotifyHook', needs: `must be false: ${kind} calls no push address` };
  }
  return unfitVersion(kind, definition, defaultVersion ?? null, modelVersions ?? null);
}

/** What a kind needs of the secret of an upstream, which this one is not; null: it fits. `secret` null: there is none. */
export function secretMistake(kind: UpstreamKind, secret: string | null): string | null {
  return secretNeeds(kind, definitionOf(kind), secret ?? '');
}

function unfitVersion(
  kind: string,
  { promptRules }: KindDefinition,
  defaultVersion: string | null,
  modelVersions: readonly string[] | null,
): UnfitTerm | null {
  const { versions, niji } = PROMPT_RULES.kinds[promptRules];
  const there = versions === null ? null : [...versions, ...(niji ?? []).map((version) => `niji ${version}`)];
  const needs = `must be of the versions that ${kind} has: ${there?.join(', ') ?? ''}`;
  if (there !== null && modelVersions?.every((version) => there.includes(version)) === false) {
    return { field: 'modelVersions', needs };
  }
  if (defaultVersion === null) return null;
  if (there?.includes(defaultVersion) === false) return { field: 'defaultVersion', needs };
  return modelVersions?.includes(defaultVersion) === false
    ? { field: 'defaultVersion', needs: 'must be one of modelVersions' }
    : null;
}

/** What a kind needs of a secret that it does not have; null: it fits. */
function secretNeeds(kind: string, { needsSecret, capabilities }: KindDefinition, secret: string): string | null {
  if (secret === '')
    return needsSecret ? `must be given: ${kind} answers no call without ${secretForm(capabilities)}` : null;
  if (capabilities.secretParts === 1) return null;
  const at = secret.indexOf(SECRET_SEPARATOR);
  const isWhole = at > 0 && secret.slice(0, at).trim() !== '' && secret.slice(at + 1).trim() !== '';
  return isWhole ? null : `must be ${secretForm(capabilities)}: ${kind} takes two parts`;
}

/** The form of a secret in words. */
function secretForm({ secretParts }: KindDefinition['capabilities']): string {
  return secretParts === 2 ? '<app>|<secret>' : 'its key';
}
