import type { ValueKind } from '../prompt-rules/value-kind.js';

// None of these can be read in two ways, so none takes more than one pass over a text.
export const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
export const LINK = /^<?https?:\/\//i;
export const RATIO = /^\d+:\d+$/;
const PROFILE = /^[\w-]+(?:::-?[\d.]+)?$/;
const HAS_DIGIT = /^[a-z_-]*\d/i;

/** Whether a text begins as a value of this kind would: tells a parameter with a slip in it from plain words. */
export function looksLike(value: ValueKind, text: string): boolean {
  switch (value.kind) {
    case 'number':
    case 'version':
    case 'ratio':
      return /^[+-]?\.?\d/.test(text);
    case 'word':
      return value.listed.includes(text.toLowerCase());
    case 'links':
      return LINK.test(text) || value.words?.includes(text.toLowerCase()) === true;
    case 'codes':
      return value.optional ? /^m?\d/i.test(text) : LINK.test(text) || isStyleCode(text);
    case 'text':
    case 'none':
      return false;
  }
}

/** Whether a text is one of the several values that a parameter may have. */
export function isAmong(value: ValueKind, text: string): boolean {
  switch (value.kind) {
    case 'links':
      return looksLike(value, text);
    case 'codes':
      return LINK.test(text) || (value.optional ? PROFILE.test(text) : isStyleCode(text));
    default:
      return false;
  }
}

/** Whether a parameter may stand without a value. */
export function isOptional(value: ValueKind): boolean {
  return value.kind === 'none' || ((value.kind === 'number' || value.kind === 'codes') && value.optional === true);
}

function isStyleCode(text: string): boolean {
  return PROFILE.test(text) && (HAS_DIGIT.test(text) || /^random(?:::|$)/i.test(text));
}

const SIGNS = new Set([...',;.!?"\'”’)]，。；、！？：:|']);
/** A link may end in most signs. */
const LINK_SIGNS = new Set([...',;"\'”’']);

/** Where the punctuation at the end of a text begins; its length where there is none. */
export function endOfWord(text: string): number {
  const signs = LINK.test(text) ? LINK_SIGNS : SIGNS;
  let end = text.length;
  while (end > 0 && signs.has(text[end - 1] ?? '')) end -= 1;
  return end;
}

/** Whether a text is nothing but punctuation. */
export function isPunctuation(text: string): boolean {
  return endOfWord(text) === 0;
}
