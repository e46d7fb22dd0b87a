import { strings } from './strings.ts';

/** An action or a mode in the reader's language; one that is not known is shown as its code reads: "Some action". */
export function wordOf(code: string): string {
  const { actions, modes } = strings.value;
  const known: Record<string, string> = { ...actions, ...modes };
  const words = code.toLowerCase().replaceAll('_', ' ');
  return known[code] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** Why a task failed, in the reader's language; a code that is not known is shown as it is. */
export function failureWord(code: string): string {
  const known: Record<string, string> = strings.value.failureKinds;
  return known[code] ?? code;
}
