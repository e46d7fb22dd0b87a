import type { Snapshot } from '#libs/upstream';
import { isNumbered, promptToSend, withoutForeignParts } from '#libs/wire';
import type { ChangeBuilder } from '../change-builder.js';
import type { Task } from '../task.entity.js';

/** Routine texts that midjourney-proxy and its forks write into `description`; they are no result. */
const ROUTINE_WORDS = /^(?:submit success|success|ok|done|提交成功|成功|任务)/i;
const HAN = /\p{Script=Han}/u;

/** Whether the result of such a task is a text. */
export function findsText({ action }: Pick<Task, 'action'>): boolean {
  return action === 'DESCRIBE' || action === 'SHORTEN';
}

/**
 * Writes the text that a DESCRIBE or SHORTEN found into the fields where clients look for it: `prompt`, `promptEn` and
 * `finalPrompt`, and for SHORTEN `description` too. Call after the learned fields of the snapshot were taken over.
 */
export function applyFoundText(change: ChangeBuilder, snapshot: Pick<Snapshot, 'prompt' | 'description'>): void {
  const { task } = change;
  if (!findsText(task)) return;
  const prompt = withoutForeignParts(snapshot.prompt, task.prompt);
  const found = foundText(task, prompt, withoutForeignParts(snapshot.description, task.prompt));
  if (found === '') return;
  // A numbered Chinese prompt is the translation that the client asked for.
  if (task.finalZhPrompt === '' && prompt !== found && isNumbered(prompt) && HAN.test(prompt))
    change.set({ finalZhPrompt: prompt });
  change.set({ prompt: found, promptEn: found, finalPrompt: found });
  if (task.action === 'SHORTEN') change.set({ description: found });
}

/** The first text with numbered options; otherwise the first text that does not echo the typed prompt. */
function foundText(
  { action, prompt: typed, promptEn, finalPrompt }: Task,
  prompt: string,
  description: string,
): string {
  const texts =
    action === 'DESCRIBE' ? [promptEn, finalPrompt, prompt, description] : [finalPrompt, description, promptEn, prompt];
  const candidates = texts.filter((text) => text.trim() !== '' && !isEcho(text, typed));
  const isResult = (text: string): boolean => text !== description || !ROUTINE_WORDS.test(text);
  return candidates.find(isNumbered) ?? candidates.find(isResult) ?? '';
}

/** Whether a text is a command line or the typed prompt, with or without parameters appended. */
function isEcho(text: string, typed: string): boolean {
  const [given, own] = [plain(text), plain(typed)];
  return given.startsWith('/') || given === own || (own !== '' && given.startsWith(`${own} --`));
}

function plain(text: string): string {
  return promptToSend(text).replace(/\s+/g, ' ').trim().toLowerCase();
}
