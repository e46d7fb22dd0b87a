import { strings } from './strings.ts';

/** What an upstream does, by the class of its last error; one that is not known is shown as it is. */
export function errorWords(kind: string): string {
  const known: Record<string, string> = strings.value.errors;
  return known[kind] ?? kind;
}
