import { withHyphens } from '../prompt-flags.js';
import { parsePrompt, type Flag, type ParsedPrompt } from '../prompt-lint/parse-prompt.js';
import { endOfWord, NUMBER } from '../prompt-lint/value.js';

/** A version of Midjourney's own bot, or of Niji. */
export interface PromptVersion {
  /** As Midjourney writes it: `7`, `8.2`. */
  version: string;
  niji: boolean;
}

/** A prompt as Midjourney reads it, in its parts. */
export interface ReadPrompt {
  text: string;
  parsed: ParsedPrompt;
  /** What it takes for parameters: those with two hyphens. Behind other dashes are words. */
  flags: readonly Flag[];
  isVideo: boolean;
}

export function readPrompt(prompt: string): ReadPrompt {
  const text = withHyphens(prompt);
  const parsed = parsePrompt(text);
  const flags = parsed.flags.filter(({ start, nameAt }) => text.slice(start, nameAt) === '--');
  return { text, parsed, flags, isVideo: flags.some(({ parameter }) => parameter?.names[0] === 'video') };
}

/** Reads `7`, `8.2`, `niji 7`, in any case; null for anything else. */
export function parseVersion(text: string): PromptVersion | null {
  const [, niji, number] = /^(niji[\s-]?)?(\d{1,3}(?:\.\d{1,3})?)$/i.exec(text.trim()) ?? [];
  return number === undefined ? null : { version: String(Number(number)), niji: niji !== undefined };
}

/** How a version is told: with the name of its family. */
export function versionText({ version, niji }: PromptVersion): string {
  return niji ? `niji ${version}` : version;
}

/**
 * The version that a prompt names: the first one counts. `unreadable`: what stands behind the parameter is no number. Null:
 * none is named, or it has no value, or one that is an option of a permutation.
 */
export function namedVersion({ flags }: ReadPrompt): PromptVersion | { unreadable: string } | null {
  const flag = versionFlag(flags);
  const [value] = flag?.values ?? [];
  if (flag === undefined || value === undefined || value.isOpen) return null;
  const text = value.text.slice(0, endOfWord(value.text));
  const read = NUMBER.test(text) ? parseVersion(text) : null;
  return read === null ? { unreadable: text } : { ...read, niji: flag.parameter?.names[0] === 'niji' };
}

/** A version among the options of a permutation: then none may be added. */
const VERSION_OF_OPTIONS = /--(?:v|version|niji)(?=[\s,}]|$)/i;

/**
 * A prompt that names its version: `--v 8.2`, or `--niji 7`, is added where it names none, at its end. Prompts of videos have
 * no version.
 * @param version of {@link judgePrompt}, or text like `niji 7`
 */
export function withVersion(prompt: string, version: string, niji = false): string {
  const read = readPrompt(prompt);
  if (read.isVideo || versionFlag(read.flags) !== undefined) return prompt;
  if (read.parsed.hasOptions && VERSION_OF_OPTIONS.test(read.text)) return prompt;
  const meant = parseVersion(version) ?? { version, niji };
  return `${prompt.trimEnd()} --${niji || meant.niji ? 'niji' : 'v'} ${meant.version}`.trimStart();
}

function versionFlag(flags: readonly Flag[]): Flag | undefined {
  return flags.find(({ parameter }) => parameter?.value.kind === 'version');
}
