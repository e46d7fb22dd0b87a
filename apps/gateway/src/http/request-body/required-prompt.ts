import { MjError } from '../errors/mj-error.js';

/** Longest prompt, in characters. */
export const MAX_PROMPT_CHARS = 8_192;

/** The prompt without white space around it. @throws MjError when it is blank or longer than 8,192 characters */
export function requirePrompt(prompt: string | undefined): string {
  const text = prompt?.trim() ?? '';
  if (text === '') throw new MjError('prompt_is_required', { properties: { field: 'prompt' } });
  if ([...text].length > MAX_PROMPT_CHARS) throw new MjError('prompt_is_too_long', { properties: { field: 'prompt' } });
  return text;
}
