import { promptToSend } from '#libs/wire';
import type { Picture } from '../../port/picture-text.js';
import type { TobProfile } from '../profile.js';
import { namingVersion, type VersionTerms } from './prompt-model.js';

/** What decides about the flags that the gateway writes into a text. */
export interface TextTerms extends VersionTerms {
  profile: TobProfile;
}

/** The text of a new job: links first, then the prompt with its version, last the speed that is billed. */
export function jobText(prompt: string, links: readonly Picture[], terms: TextTerms): string {
  const named = namingVersion(promptToSend(prompt), terms);
  return [...links.map(String), named, terms.profile.speedFlags[terms.mode]].filter((part) => part !== '').join(' ');
}

/** Where a flag begins; a run of blanks is scanned once only. */
const FLAG_START = /(?<!\s)\s+--(?=[a-z])/i;

/** The flags that films have; others, such as a version, are those of the picture that they were made from. */
const FILM_FLAGS: ReadonlySet<string> = new Set(['motion', 'loop', 'end', 'bs', 'raw']);

/** The text of a film: the link of its first frame, then the words and flags. A film has no version of its own. */
export function filmText(
  prompt: string,
  links: readonly Picture[],
  flags: readonly string[],
  terms: TextTerms,
): string {
  const [words = '', ...given] = ` ${promptToSend(prompt)}`.split(FLAG_START);
  const own = given
    .filter((flag) => FILM_FLAGS.has((flag.split(/\s/)[0] ?? '').toLowerCase()))
    .map((flag) => `--${flag}`);
  // Films are fast unless something else is asked for.
  const speed = terms.mode === 'FAST' ? '' : terms.profile.speedFlags[terms.mode];
  return [...links.map(String), words.trim(), ...own, ...flags, speed].filter((part) => part !== '').join(' ');
}

/** The words of a prompt, without its flags and the links before them. */
export function wordsOf(prompt: string): string {
  const [words = ''] = ` ${prompt}`.split(FLAG_START);
  return words
    .replace(/https?:\/\/\S+/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The value of a flag; null where the prompt does not have it. */
export function flagValue(prompt: string, name: string): string | null {
  return new RegExp(`(?:^|\\s)--${name}\\s+(?!--)([\\w.]+)(?=\\s|$)`, 'i').exec(prompt)?.[1] ?? null;
}

export function hasFlag(prompt: string, name: string): boolean {
  return new RegExp(`(?:^|\\s)--${name}(?=\\s|$)`, 'i').test(prompt);
}

/** The links at the beginning of a prompt. */
export function leadingLinks(prompt: string): string[] {
  const [head = ''] = /^\s*(?:https?:\/\/\S+\s+)*(?:https?:\/\/\S+)?/i.exec(prompt) ?? [];
  return head.split(/\s+/).filter((link) => link !== '');
}
