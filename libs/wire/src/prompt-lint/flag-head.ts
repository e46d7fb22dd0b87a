import type { Token } from './token.js';
import { endOfWord, isOptional, looksLike } from './value.js';
import type { Parameter } from '../prompt-rules/parameter.js';
import { LONGEST_NAME, parameterNamed } from '../prompt-rules/prompt-rules.js';

/** A slip of the pen in the head of a parameter, and what belongs there. */
export interface Slip {
  rule: 'dash' | 'space_after_dashes' | 'space_before_value' | 'punctuation';
  start: number;
  end: number;
  fix: string;
}

/** The beginning of a parameter: its dashes, its name, and a value that is written on to it. */
export interface FlagHead {
  parameter: Parameter | null;
  name: string;
  nameAt: number;
  /** Behind the name and what is written on to it. */
  end: number;
  value: Token | null;
  /** How many tokens it takes, 1 or 2. */
  tokens: number;
  slips: Slip[];
}

const PLAIN = /^--(?=[\p{L}\p{N}])/u;
/** Hyphens and dashes of which at least one is no ASCII hyphen. */
const DASHES = /^(?=-{0,2}[‐-―−﹘－])[-‐-―−﹘－]{1,3}(?=[a-z])/i;

/**
 * The parameter that begins at a token; null for words. What has the right dashes is a parameter, known or not; with
 * other dashes only what is known and goes on as that parameter would: prose has dashes too.
 */
export function readHead(tokens: readonly Token[], at: number): FlagHead | null {
  const token = tokens[at];
  if (token === undefined || token.isOpen) return null;
  const { text, start } = token;
  if (PLAIN.test(text)) return named(token, 2);
  const next = tokens[at + 1];
  if (text === '--') {
    if (next === undefined || next.isOpen) return null;
    const head = named(next, 0);
    if (!goesOn(head, tokens[at + 2])) return null;
    const slip: Slip = { rule: 'space_after_dashes', start, end: next.start, fix: '--' };
    return { ...head, tokens: 2, slips: [slip, ...head.slips] };
  }
  const dashes = DASHES.exec(text)?.[0].length ?? 0;
  if (dashes === 0) return null;
  const head = named(token, dashes);
  if (!goesOn(head, next)) return null;
  return { ...head, slips: [{ rule: 'dash', start, end: start + dashes, fix: '--' }, ...head.slips] };
}

function goesOn({ parameter, value }: FlagHead, next: Token | undefined): boolean {
  if (parameter === null) return false;
  if (value !== null) return true;
  if (next === undefined || PLAIN.test(next.text) || DASHES.test(next.text)) return isOptional(parameter.value);
  return parameter.value.kind === 'text' || next.isOpen || looksLike(parameter.value, next.text);
}

/** @param dashes how many characters of the token stand before the name */
function named({ text, start, end }: Token, dashes: number): FlagHead {
  const rest = text.slice(dashes);
  const nameAt = start + dashes;
  const long = endOfWord(rest);
  const whole = long <= LONGEST_NAME ? parameterNamed(rest.slice(0, long).toLowerCase()) : null;
  const head = (parameter: Parameter | null, name: string, value: Token | null, slips: Slip[]): FlagHead => {
    return { parameter, name, nameAt, end, value, tokens: 1, slips };
  };
  if (whole !== null) {
    const slips: Slip[] = long < rest.length ? [{ rule: 'punctuation', start: nameAt + long, end, fix: '' }] : [];
    return head(whole, rest.slice(0, long), null, slips);
  }
  for (let length = Math.min(LONGEST_NAME, rest.length - 1); length > 0; length -= 1) {
    const parameter = parameterNamed(rest.slice(0, length).toLowerCase());
    if (parameter === null) continue;
    const sign = rest[length] ?? '';
    const valueAt = sign === ':' || sign === '=' ? length + 1 : length;
    if (!looksLike(parameter.value, rest.slice(valueAt))) continue;
    const name = rest.slice(0, length);
    const value = { text: rest.slice(valueAt), start: nameAt + valueAt, end, isOpen: false };
    const slip: Slip = { rule: 'space_before_value', start: nameAt, end, fix: `${name} ${value.text}` };
    return head(parameter, name, value, [slip]);
  }
  return head(null, rest, null, []);
}
