import type { Task } from '#libs/tracking';
import { numberedOption, parseCustomId } from '#libs/wire';

/** The prompt of a follow-up without one: its parent's, or the text that its button stands for among several found ones. */
export function inheritedPrompt({ action, prompt }: Pick<Task, 'action' | 'prompt'>, customId: string): string {
  if (action !== 'DESCRIBE' && action !== 'SHORTEN') return prompt;
  const button = parseCustomId(customId);
  if (button.kind !== 'button' || button.action === 'DESCRIBE') return '';
  return button.index === null ? prompt : numberedOption(prompt, button.index);
}
