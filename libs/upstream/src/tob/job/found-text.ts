import { isNumbered } from '#libs/wire';
import { textOf, type JsonObject } from '../../json/json-field.js';

const MOST_PROMPTS = 9;

/** The prompts that a describe or shorten found, as numbered lines; "" where the output has none. */
export function foundText(output: JsonObject): string {
  const texts = ['promptEn', 'prompt_en', 'finalPrompt', 'final_prompt', 'description'].map((name) =>
    textOf(output[name]),
  );
  const numbered = texts.find(isNumbered);
  if (numbered !== undefined) return numbered;
  const prompts = Array.isArray(output['prompts']) ? output['prompts'].map((prompt) => textOf(prompt).trim()) : [];
  const shown = prompts.filter((prompt) => prompt !== '').slice(0, MOST_PROMPTS);
  if (shown.some(isNumbered)) return shown.join('\n\n');
  if (shown.length > 0) return shown.map((prompt, at) => `${keycap(at + 1)} ${prompt}`).join('\n\n');
  return texts.find((text) => text.trim() !== '') ?? '';
}

/** The emoji of a digit, by which clients tell the options apart. */
export function keycap(digit: number): string {
  return `${digit}\uFE0F\u20E3`;
}
