import type { Task } from '../../../api/client.ts';

/** `1️⃣ `, `1. ` or `1) ` before a text. */
const NUMBER = /^\s*(?:\d\uFE0F?\u20E3|\d{1,2}[.):])\s*/;

/** The prompts that a describe or shorten found, without their numbers; all lines where none has a number. */
export function foundTexts({ prompt, properties }: Pick<Task, 'prompt' | 'properties'>): string[] {
  const lines = (properties.finalPrompt || prompt).split('\n').map((line) => line.trim());
  const numbered = lines.filter((line) => NUMBER.test(line));
  if (numbered.length > 0) return numbered.map((line) => line.replace(NUMBER, ''));
  return lines.filter((line) => line !== '');
}
