import { parameterNamed } from './prompt-rules/prompt-rules.js';
import { parseMode, type TaskMode } from './vocabulary.js';

/** An em dash that begins a word, and the letters that follow it. */
const EM_DASH = /(?<![^\s{,])\u2014([a-z]+)(?![\p{L}\p{M}_'’-])/giu;
/** A name ends there; where a comma or a full stop is written on to it, an upstream may still know it. */
const SPEED = /(^|\s)(?:--|\u2014)(fast|relax|turbo)(?=[\s,.;:!?]|$)/i;
const EVERY_SPEED = new RegExp(SPEED.source, 'gi');
/** Inside of `{}` a comma parts options: the speed of one option is none of the whole prompt. */
const SPEED_OUTSIDE_OPTIONS = /(^|\s)(?:--|\u2014)(fast|relax|turbo)(?=\s|$|[,.;:!?](?![^{}]*\}))/i;
/** The same among the options of a permutation. */
const EVERY_SPEED_OF_OPTIONS = /(?:^|\s|(?<=[{,]))(?:--|\u2014)(?:fast|relax|turbo)(?=[\s},.;:!?]|$)/gi;
const VIDEO = /(?:^|\s)(?:--|\u2014)video(?:[\s,.;:!?]|$)/i;

/**
 * A prompt as Midjourney reads it: an em dash (U+2014) before a parameter is two hyphens, as phones write one for them.
 * Other dashes are words to it.
 */
export function withHyphens(prompt: string): string {
  if (!prompt.includes('\u2014')) return prompt;
  return prompt.replace(EM_DASH, (text, name: string) =>
    parameterNamed(name.toLowerCase()) === null ? text : `--${name}`,
  );
}

/** The speed a prompt asks for by `--fast`, `--relax` or `--turbo` (the first one counts); null when none. */
export function speedOf(prompt: string): TaskMode | null {
  const word = (prompt.includes('{') ? SPEED_OUTSIDE_OPTIONS : SPEED).exec(prompt)?.[2];
  return word === undefined ? null : parseMode(word);
}

/**
 * A prompt as it is sent: with hyphens for em dashes, and without speed flags, because the mode that is billed is sent
 * apart and a flag may not contradict it.
 */
export function promptToSend(prompt: string): string {
  const flags = prompt.includes('{') ? EVERY_SPEED_OF_OPTIONS : EVERY_SPEED;
  return withHyphens(prompt.replace(flags, '').trim());
}

/** Whether the prompt asks for a video. */
export function asksForVideo(prompt: string): boolean {
  return VIDEO.test(prompt);
}

/** A prompt as an upstream echoes it, without speed flags that its client did not type: the gateway put them there. */
export function withoutForeignSpeed(text: string, ownPrompt: string): string {
  if (!SPEED.test(text)) return text;
  const own = new Set([...ownPrompt.matchAll(EVERY_SPEED)].map(([, , word]) => word?.toLowerCase()));
  const shown = text.replace(EVERY_SPEED, (flag, _space: string, word: string) =>
    own.has(word.toLowerCase()) ? flag : '',
  );
  return shown.trim();
}
