import { strings } from './strings.ts';

/** An action or a mode as people write it: `UPSCALE_HD` is "Upscale HD". Their names are the same in every language. */
export function wordOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/\bhd\b/, 'HD');
}

/** Why a task failed, in the reader's language; a code that is not known is shown as it is. */
export function failureWord(code: string): string {
  const known: Record<string, string> = strings.value.failureKinds;
  return known[code] ?? code;
}
