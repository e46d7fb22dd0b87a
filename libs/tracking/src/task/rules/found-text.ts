import type { Snapshot } from '#libs/upstream';
import { isNumbered, promptToSend, withoutForeignParts } from '#libs/wire';
import type { ChangeBuilder } from '../change-builder.js';
import type { Task } from '../task.entity.js';

/** What midjourney-proxy and its relatives write into `description` that says nothing of a result. */
const ROUTINE_WORDS = /^(?:submit success|success|ok|done|提交成功|成功|任务)/i;
const HAN = /\p{Script=Han}/u;

/** Whether what such a task makes is a text. */
export function findsText({ action }: Pick<Task, 'action'>): boolean {
  return action === 'DESCRIBE' || action === 'SHORTEN';
}

/**
 * Puts the text that a DESCRIBE or SHORTEN found where clients look for it: `prompt`, `promptEn` and `finalPrompt`, of
 * SHORTEN `description` too. What the upstream's task taught before must have been taken over.
 */
export function applyFoundText(change: ChangeBuilder, snapshot: Pick<Snapshot, 'prompt' | 'description'>): void {
  const { task } = change;
  if (!findsText(task)) return;
  const prompt = withoutForeignParts(snapshot.prompt, task.prompt);
  const found = foundText(task, prompt, withoutForeignParts(snapshot.description, task.prompt));
  if (found === '') return;
  // A translation that the client asked for takes the place of the prompt there.
  if (task.finalZhPrompt === '' && prompt !== found && isNumbered(prompt) && HAN.test(prompt))
    change.set({ finalZhPrompt: prompt });
  change.set({ prompt: found, promptEn: found, finalPrompt: found });
  if (task.action === 'SHORTEN') change.set({ description: found });
}

/** The first text with numbered options; else the first that is no echo of what was typed. */
function foundText(
  { action, prompt: typed, promptEn, finalPrompt }: Task,
  prompt: string,
  description: string,
): string {
  const texts =
    action === 'DESCRIBE' ? [promptEn, finalPrompt, prompt, description] : [finalPrompt, description, promptEn, prompt];
  const candidates = texts.filter((text) => text.trim() !== '' && !isEcho(text, typed));
  const isWords = (text: string): boolean => text !== description || !ROUTINE_WORDS.test(text);
  return candidates.find(isNumbered) ?? candidates.find(isWords) ?? '';
}

/** A command line, or what was typed, with or without parameters that were put behind it. */
function isEcho(text: string, typed: string): boolean {
  const [given, own] = [plain(text), plain(typed)];
  return given.startsWith('/') || given === own || (own !== '' && given.startsWith(`${own} --`));
}

function plain(text: string): string {
  return promptToSend(text).replace(/\s+/g, ' ').trim().toLowerCase();
}
