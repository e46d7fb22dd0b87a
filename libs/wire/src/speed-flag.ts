import { parseMode, type TaskMode } from './vocabulary.js';

const FLAG = /(^|\s)--(fast|relax|turbo)(?=\s|$)/gi;

/** The speed a prompt asks for by `--fast`, `--relax` or `--turbo` (the first one counts); null when none. */
export function speedOf(prompt: string): TaskMode | null {
  const found = /(?:^|\s)--(fast|relax|turbo)(?=\s|$)/i.exec(prompt);
  return found?.[1] === undefined ? null : parseMode(found[1]);
}

/** The prompt without speed flags: the mode that is billed is sent apart, so a flag may not contradict it. */
export function withoutSpeed(prompt: string): string {
  return prompt.replace(FLAG, '').trim();
}

/** Whether the prompt asks for a video. */
export function asksForVideo(prompt: string): boolean {
  return /(^|\s)--video(\s|$)/i.test(prompt);
}
