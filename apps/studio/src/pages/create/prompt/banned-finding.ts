import type { Finding } from './finding.ts';
import { BANNED } from './rule-text.ts';

/** Marks every place of a refused word in the prompt; the word is taken out by its fix. */
export function bannedFindings(prompt: string, word: string): Finding[] {
  if (word === '') return [];
  const [text, sought] = [prompt.toLowerCase(), word.toLowerCase()];
  const found: Finding[] = [];
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length)) {
    found.push({ rule: BANNED as Finding['rule'], severity: 'error', start: at, end: at + sought.length, fix: '' });
  }
  return found;
}
