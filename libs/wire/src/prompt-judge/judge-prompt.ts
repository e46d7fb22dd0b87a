import { firstSeparator } from '../prompt-lint/check-text.js';
import type { Flag } from '../prompt-lint/parse-prompt.js';
import { LINK } from '../prompt-lint/value.js';
import type { KindRules, RuleKind } from '../prompt-rules/kind-rules.js';
import type { Model } from '../prompt-rules/model.js';
import { modelOf, PROMPT_RULES } from '../prompt-rules/prompt-rules.js';
import type { BotType, TaskMode } from '../vocabulary.js';
import { chooseVersion } from './choose-version.js';
import { lacks, lacksMode } from './kind-lacks.js';
import { readPrompt, withVersion, type PromptVersion, type ReadPrompt } from './prompt-version.js';

/** The work that a prompt is for. */
export interface JudgeOptions {
  /** The version that the operator wants named in prompts without one; null: that of the kind. */
  defaultVersion: string | null;
  botType: BotType;
  /** The mode that is billed; speed flags of the prompt are not looked at. */
  mode: TaskMode;
  /** Versions that the operator says this upstream has (`7`, `niji 7`); null or absent: all of its kind. */
  versions?: readonly string[] | null;
  /** Pictures that come with the prompt, besides the links in it. Default 0. */
  images?: number;
  /** True: it is the prompt of a video, with `--video` or without. */
  isVideo?: boolean;
}

/**
 * Whether a kind of upstream can do what a prompt asks for. `name` says what it has not: a version (`8.2`, `niji 6`), a parameter
 * as it is typed, or `::`, a mode, the most characters or links that it takes, or `repeat` or `permutations` of several jobs.
 */
export type PromptVerdict =
  | ({ kind: 'ok' } & PromptVersion)
  | { kind: 'unsupported'; what: 'version' | 'parameter' | 'mode' | 'length' | 'links' | 'jobs'; name: string };

type Lack = Extract<PromptVerdict, { kind: 'unsupported' }>;

/** More characters than any version takes. */
const LONGEST_VERSION = 20;

const lack = (what: Lack['what'], name: string): Lack => ({ kind: 'unsupported', what, name });

/**
 * Judges a prompt for a kind of upstream, by its rules. What is merely ignored there, what sources disagree about, and what is
 * wrong anywhere (unknown parameters, values out of range) is no lack: the upstream refuses the latter in its own words. Of an
 * `ok` prompt `version` is the one that it names, or the one to name. Total, in time that grows with the length only.
 */
export function judgePrompt(prompt: string, kind: RuleKind, options: JudgeOptions): PromptVerdict {
  const rules = PROMPT_RULES.kinds[kind];
  const read = readPrompt(prompt);
  const isVideo = options.isVideo === true || read.isVideo;
  if (!rules.modes.includes(options.mode)) return lack('mode', options.mode);
  const version = chooseVersion(rules, read, { ...options, isVideo });
  if ('missing' in version) return lack('version', version.missing);
  const model = isVideo ? null : modelOf(Number(version.version), version.niji);
  if (!isVideo && lacksMode(rules, model, options.mode)) return lack('mode', options.mode);
  return (
    severalJobs(rules, read) ??
    (isVideo ? null : missingParameter(rules, read, model, options.mode)) ??
    tooManyLinks(rules, read, options.images ?? 0) ??
    tooLong(rules, prompt, isVideo ? null : version) ?? { kind: 'ok', ...version }
  );
}

function severalJobs(rules: KindRules, { parsed, flags }: ReadPrompt): Lack | null {
  if (!rules.permutations && parsed.hasOptions) return lack('jobs', 'permutations');
  const repeats = flags.some(({ parameter }) => parameter?.names[0] === 'r');
  return !rules.repeat && repeats ? lack('jobs', 'repeat') : null;
}

function missingParameter(
  rules: KindRules,
  { parsed, flags }: ReadPrompt,
  model: Model | null,
  mode: TaskMode,
): Lack | null {
  const missing = flags.find((flag) => lacks(rules, flag, model, mode));
  if (missing !== undefined) return lack('parameter', missing.name.toLowerCase());
  const isParted = firstSeparator(parsed.words) !== null;
  return isParted && rules.lacks.some(({ parameters }) => parameters.includes('::')) ? lack('parameter', '::') : null;
}

function tooManyLinks({ links }: KindRules, { parsed, flags }: ReadPrompt, images: number): Lack | null {
  if (links === null) return null;
  const pictures = parsed.links.length + parsed.lateLinks.length + images;
  return [pictures, ...flags.map(linksOf)].some((count) => count > links) ? lack('links', String(links)) : null;
}

/** With the version that is to be named, if any. */
function tooLong({ length }: KindRules, prompt: string, version: PromptVersion | null): Lack | null {
  // Most prompts need not be read once more.
  if (length === null || prompt.length + LONGEST_VERSION <= length) return null;
  const sent = version === null ? prompt : withVersion(prompt, version.version, version.niji);
  return sent.length > length ? lack('length', String(length)) : null;
}

const linksOf = ({ values }: Flag): number => values.filter(({ text }) => LINK.test(text)).length;
