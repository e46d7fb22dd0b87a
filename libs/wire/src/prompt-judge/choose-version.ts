import type { KindRules, RuleKind } from '../prompt-rules/kind-rules.js';
import { parameterNamed, PROMPT_RULES } from '../prompt-rules/prompt-rules.js';
import type { BotType } from '../vocabulary.js';
import { namedVersion, parseVersion, versionText, type PromptVersion, type ReadPrompt } from './prompt-version.js';

interface Wishes {
  defaultVersion: string | null;
  botType: BotType;
  versions?: readonly string[] | null;
  isVideo: boolean;
}

/**
 * The version that is named in prompts without one: the operator's, else that of the kind; where he lists versions that do not have
 * it, the newest of those.
 */
export function defaultVersionOf(kind: RuleKind, wishes: Omit<Wishes, 'isVideo'>): PromptVersion {
  const rules = PROMPT_RULES.kinds[kind];
  const usual = usualVersion(rules, { ...wishes, isVideo: false });
  const available = availableVersions(rules, wishes.versions ?? null);
  const version = available === null ? usual : nearest(available, usual);
  return 'missing' in version ? usual : version;
}

/** Which version a prompt is drawn with, or which one is missing. */
export function chooseVersion(rules: KindRules, read: ReadPrompt, wishes: Wishes): PromptVersion | { missing: string } {
  const usual = usualVersion(rules, wishes);
  if (wishes.isVideo) return usual;
  const available = availableVersions(rules, wishes.versions ?? null);
  const named = namedVersion(read);
  if (named === null) return available === null ? usual : nearest(available, usual);
  if ('unreadable' in named) {
    return rules.isOpen ? usual : { missing: named.unreadable.slice(0, LONGEST_TOLD) };
  }
  if (available === null || available.some((version) => isSame(version, named))) return named;
  const successor = named.niji ? null : successorOf(named.version);
  return (
    available.find((version) => successor !== null && isSame(version, successor)) ?? { missing: versionText(named) }
  );
}

/** A client's text is told no further than this. */
const LONGEST_TOLD = 20;

function usualVersion(rules: KindRules, { defaultVersion, botType }: Wishes): PromptVersion {
  const wanted = defaultVersion === null ? null : parseVersion(defaultVersion);
  if (botType === 'NIJI_JOURNEY') {
    return wanted?.niji === true ? wanted : { version: rules.defaultNiji, niji: true };
  }
  return wanted ?? { version: rules.defaultVersion, niji: false };
}

/** What the operator says, else what the kind has; null: all. */
function availableVersions({ versions, niji }: KindRules, own: readonly string[] | null): PromptVersion[] | null {
  if (own !== null) return own.map(parseVersion).filter((version) => version !== null);
  if (versions === null || niji === null) return null;
  return [
    ...versions.map((version) => ({ version, niji: false })),
    ...niji.map((version) => ({ version, niji: true })),
  ];
}

/** The usual version where it is available, else the newest of its family. */
function nearest(available: readonly PromptVersion[], usual: PromptVersion): PromptVersion | { missing: string } {
  if (available.some((version) => isSame(version, usual))) return usual;
  const family = available.filter(({ niji }) => niji === usual.niji);
  const [newest] = family.toSorted((a, b) => Number(b.version) - Number(a.version));
  return newest ?? { missing: versionText(usual) };
}

/** What took the place of a version that is gone. */
function successorOf(version: string): PromptVersion | null {
  const value = parameterNamed('v')?.value;
  const successor = value?.kind === 'version' ? value.gone?.[version] : undefined;
  return successor === undefined ? null : { version: String(successor), niji: false };
}

function isSame(one: PromptVersion, other: PromptVersion): boolean {
  return one.niji === other.niji && one.version === other.version;
}
