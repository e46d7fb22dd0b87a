import { type Prompt, readPrompt } from '../wire/prompt.js';
import { type TobFaults, tobFaultsOfText } from './tob-faults.js';
import { Refusal } from './tob-refusal.js';

/** A text of the tob family: links first, then words, then flags. */
export interface TobPrompt extends Prompt {
  /** As sent. */
  readonly raw: string;
  /** The model that it names, such as `8.1` or `niji 7`; null when it names none. */
  readonly model: string | null;
  /** Links behind flags such as `--sref`. */
  readonly references: readonly string[];
  readonly faults: TobFaults;
}

const BANNED = /\b(?:gore|nude|naked|bloodbath)\b|裸体|色情|血腥/i;

/** Reads a text. Every text at all can be read. */
export function readTobPrompt(raw: string): TobPrompt {
  const { prompt, faults } = tobFaultsOfText(raw);
  const plain = readPrompt(prompt);
  const [, niji] = /(?:^|\s)--niji\s+(\S+)/.exec(plain.full) ?? [];
  const [, version] = /(?:^|\s)--(?:v|version)\s+(\S+)/.exec(plain.full) ?? [];
  const references = [...plain.full.matchAll(/\s--(?:sref|oref|cref|end)\s+((?:https?:\/\/\S+\s*)+)/g)];
  return {
    ...plain,
    raw,
    faults,
    model: niji !== undefined ? `niji ${niji}` : version === undefined ? null : version.replace(/\.0$/, ''),
    references: references.flatMap(([, links = '']) => links.trim().split(/\s+/)),
  };
}

export const hasFlag = (prompt: Prompt, names: string): boolean =>
  new RegExp(`(?:^|\\s)--(?:${names})(?:\\s|$)`).test(prompt.full);

/** The value of a flag, or null. */
export const flagValue = (prompt: Prompt, names: string): string | null =>
  new RegExp(`(?:^|\\s)--(?:${names})\\s+([^\\s-]\\S*)`).exec(prompt.full)?.[1] ?? null;

/** Whether a text has a word that the vendor's review refuses. */
export const isBanned = (prompt: Prompt): boolean => BANNED.test(prompt.full);

/** What every vendor of the family refuses in a text. @throws Refusal */
export function judgeCommon(prompt: TobPrompt): void {
  if (prompt.urls.length > 20) throw new Refusal('Invalid_Argument', 'text has more than 20 links');
  if (prompt.words === '' && prompt.urls.length === 1)
    throw new Refusal('Invalid_Prompt_Parameter', 'text has neither words nor a second link');
  if (prompt.words === '' && prompt.urls.length === 0) throw new Refusal('Invalid_Argument', 'text has no words');
}
