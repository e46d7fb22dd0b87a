import { judgePrompt, withVersion, type BotType, type PromptVersion, type TaskMode } from '#libs/wire';
import type { TobVendor } from '../buttons/model-work.js';

const NAMED = /(?:^|\s)--(v|version|niji)\s+(\d+(?:\.\d+)?)(?=[\s,.;:!?]|$)/i;

/** On what the version of a prompt depends besides the prompt. */
export interface VersionTerms {
  vendor: TobVendor;
  /** Version of prompts that name none. */
  defaultVersion: string;
  /** Versions that the operator says the upstream has; null: all of its kind. */
  versions: readonly string[] | null;
  botType: BotType;
  mode: TaskMode;
}

/** The version that a prompt names, such as `8.1` or `niji 7`; null: none. The first one counts. */
export function modelOf(prompt: string): string | null {
  const [, flag, number] = NAMED.exec(prompt) ?? [];
  if (flag === undefined || number === undefined) return null;
  return nameOf({ version: number.replace(/\.0+$/, ''), niji: flag.toLowerCase() === 'niji' });
}

/** The version that a prompt is drawn with, named or not. */
export function versionFor(prompt: string, terms: VersionTerms): string {
  const { vendor, ...options } = terms;
  const verdict = judgePrompt(prompt, vendor, options);
  return verdict.kind === 'ok' ? nameOf(verdict) : (modelOf(prompt) ?? terms.defaultVersion);
}

/** A prompt that names its version; one that is gone, such as `--v 8`, is replaced by what took its place. */
export function namingVersion(prompt: string, terms: VersionTerms): string {
  const version = versionFor(prompt, terms);
  const named = modelOf(prompt);
  if (named === null || named === version) return withVersion(prompt, version);
  return withVersion(prompt.replace(NAMED, ' ').replace(/\s+/g, ' ').trim(), version);
}

/** Whether a version is one of Midjourney 8. */
export function isVersion8(model: string): boolean {
  return /^8(?:\.|$)/.test(model);
}

function nameOf({ version, niji }: PromptVersion): string {
  return niji ? `niji ${version}` : version;
}
