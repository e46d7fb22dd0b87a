import type { Remark } from './check-value.js';
import type { LintContext } from './finding.js';
import type { ParsedPrompt } from './parse-prompt.js';
import type { Token } from './token.js';
import { PROMPT_RULES } from '../prompt-rules/prompt-rules.js';

/** Parameters that weigh the pictures of a prompt. */
const PICTURE_WEIGHTS: ReadonlySet<string> = new Set(
  PROMPT_RULES.needs.filter(({ of }) => of === 'picture').map(({ parameter }) => parameter),
);

/** What is wrong with the pictures and words of a prompt. */
export function checkText(prompt: string, parsed: ParsedPrompt, context: LintContext & { isVideo: boolean }): Remark[] {
  return [
    ...checkContent(parsed, context),
    ...checkImages(parsed, context),
    ...checkWeights(parsed),
    ...checkBraces(prompt, parsed.loneBraces),
  ];
}

function checkContent(parsed: ParsedPrompt, { images = 0, isVideo, needsText = true }: LintContext): Remark[] {
  const hasWords = parsed.words.length > 0 || parsed.stray.length > 0;
  const pictures = parsed.links.length + images;
  if (hasWords || isVideo || !needsText || pictures > 1) return [];
  const [link] = parsed.links;
  const place = { start: link?.start ?? 0, end: link?.end ?? parsed.length };
  return [{ rule: pictures === 1 ? 'single_image' : 'text_missing', ...place, fix: null }];
}

function checkImages({ links, lateLinks, flags }: ParsedPrompt, { images = 0, isVideo }: LintContext): Remark[] {
  const { pictures, styleReferences } = PROMPT_RULES.most;
  const remarks = lateLinks.map(({ start, end }): Remark => ({ rule: 'image_not_first', start, end, fix: null }));
  const excess = links[pictures];
  const last = links.at(-1);
  if (excess !== undefined && last !== undefined) {
    remarks.push({ rule: 'too_many_images', start: excess.start, end: last.end, fix: null });
  }
  for (const { parameter, start, end, values } of flags) {
    const [name] = parameter?.names ?? [''];
    const [late, extra] = [values[styleReferences], values.at(-1)];
    if (name === 'sref' && late !== undefined && extra !== undefined) {
      remarks.push({ rule: 'too_many_images', start: late.start, end: extra.end, fix: null });
    }
    if (PICTURE_WEIGHTS.has(name) && isVideo !== true && links.length + lateLinks.length + images === 0) {
      remarks.push({ rule: 'needs_image', start, end, fix: null });
    }
  }
  return remarks;
}

/** A weight ends the part of a prompt that stands before it; a part without one counts 1. */
const WEIGHT = /::(-?(?:\d+(?:\.\d*)?|\.\d+))?/g;

/** The first place where a multi-prompt is parted; null when the words are one. */
export function firstSeparator(words: readonly Token[]): { start: number; end: number } | null {
  for (const { text, start, isOpen } of words) {
    const at = isOpen ? -1 : text.indexOf('::');
    if (at >= 0) return { start: start + at, end: start + at + 2 };
  }
  return null;
}

function checkWeights({ words, endBefore }: ParsedPrompt): Remark[] {
  const remarks: Remark[] = [];
  const first = words[0];
  for (const token of words) {
    const { text, start } = token;
    if (token !== first && text.startsWith('::')) {
      remarks.push({ rule: 'weight_spacing', start: endBefore(start), end: start, fix: '' });
    }
  }
  // Options could bring weights of their own.
  if (first === undefined || words.some(({ isOpen }) => isOpen)) return remarks;
  let sum = 0;
  let end = 0;
  let hasWords = false;
  for (const { text, start } of words) {
    let from = 0;
    for (const found of text.matchAll(WEIGHT)) {
      hasWords ||= found.index > from;
      from = found.index + found[0].length;
      if (hasWords) sum += Number(found[1] ?? 1);
      if (found[1] !== undefined) end = start + from;
      hasWords = false;
    }
    hasWords ||= from < text.length;
  }
  if (hasWords) sum += 1;
  if (end > 0 && sum <= 0) remarks.push({ rule: 'weights_not_positive', start: first.start, end, fix: null });
  return remarks;
}

/** One finding for all of them: which of several is the one too many cannot be told. */
function checkBraces(prompt: string, loneBraces: readonly number[]): Remark[] {
  const [first, last] = [loneBraces[0], loneBraces.at(-1)];
  if (first === undefined || last === undefined) return [];
  const lone = new Set(loneBraces);
  let fix = '';
  for (let at = first; at <= last; at += 1) if (!lone.has(at)) fix += prompt[at] ?? '';
  return [{ rule: 'braces_unbalanced', start: first, end: last + 1, fix }];
}
