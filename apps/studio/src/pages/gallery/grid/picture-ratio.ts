import type { Task } from '../../../api/client.ts';

/** Cards are never narrower or wider than this for their height. */
const NARROWEST = 0.72;
const WIDEST = 2.1;
const TEXT_CARD = 1.15;
const ASPECT = /(?:^|\s)--(?:ar|aspect)\s+(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)/g;

/** Tasks whose result is text. */
export const TEXT_ACTIONS: ReadonlySet<string> = new Set(['DESCRIBE', 'SHORTEN']);

/** Width of a picture for a height of 1, as its prompt asks for; null where the prompt does not say. */
export function askedRatio(prompt: string): number | null {
  const last = [...prompt.matchAll(ASPECT)].at(-1);
  const ratio = Number(last?.[1]) / Number(last?.[2]);
  return Number.isFinite(ratio) && ratio > 0 ? ratio : null;
}

/** Shape of a task's card, known before its picture is. @param seen the shape of its picture, once it was loaded */
export function cardRatio(task: Task, seen?: number): number {
  if (TEXT_ACTIONS.has(task.action)) return TEXT_CARD;
  const ratio = seen ?? askedRatio(task.properties.finalPrompt || task.prompt) ?? 1;
  return Math.min(Math.max(ratio, NARROWEST), WIDEST);
}
