import { readHead, type FlagHead, type Slip } from './flag-head.js';
import { countPermutations } from './permutation.js';
import { tokensOf, type Token } from './token.js';
import { isAmong, isOptional, isPunctuation, LINK, looksLike } from './value.js';
import type { Parameter } from '../prompt-rules/parameter.js';

/** A parameter as it stands in a prompt. */
export interface Flag {
  /** Null: no such parameter. */
  parameter: Parameter | null;
  /** As typed, without dashes. */
  name: string;
  /** Where its name begins, without dashes. */
  nameAt: number;
  start: number;
  /** Behind its last value. */
  end: number;
  values: Token[];
}

/** A prompt in its parts. */
export interface ParsedPrompt {
  length: number;
  /** Pictures and words before the first parameter. */
  links: Token[];
  words: Token[];
  /** Links that stand behind words. */
  lateLinks: Token[];
  flags: Flag[];
  /** Words behind a parameter. */
  stray: Token[];
  /** What stands for itself among the parameters and says nothing. */
  loose: Token[];
  slips: Slip[];
  loneBraces: number[];
  /** It has options of a permutation. */
  hasOptions: boolean;
  /** End of the token before the one that begins at a place. */
  endBefore: (start: number) => number;
}

/** The tokens of a prompt, and the parameter that begins at each of them. */
interface Parts {
  tokens: readonly Token[];
  heads: readonly (FlagHead | null)[];
}

/** Takes a prompt apart; every string has a reading. */
export function parsePrompt(prompt: string): ParsedPrompt {
  const { tokens, loneBraces } = tokensOf(prompt);
  const ends = new Map(tokens.map(({ start }, at) => [start, tokens[at - 1]?.end ?? 0]));
  const parsed: ParsedPrompt = {
    length: prompt.length,
    links: [],
    words: [],
    lateLinks: [],
    flags: [],
    stray: [],
    loose: [],
    slips: [],
    loneBraces,
    hasOptions: countPermutations(prompt) > 1,
    endBefore: (start) => ends.get(start) ?? 0,
  };
  // Each is asked for twice: whether it ends the values before it, and as itself.
  const heads = tokens.map((_, at) => readHead(tokens, at));
  let hasBegun = false;
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at];
    if (token === undefined) break;
    const head = heads[at] ?? null;
    if (head === null) {
      place(token, hasBegun, parsed);
      at += 1;
      continue;
    }
    const { parameter, name, nameAt, slips } = head;
    const flag: Flag = { parameter, name, nameAt, start: token.start, end: head.end, values: [] };
    if (head.value !== null) flag.values.push(head.value);
    at = takeValues({ tokens, heads }, at + head.tokens, flag, parsed);
    flag.end = flag.values.at(-1)?.end ?? flag.end;
    parsed.flags.push(flag);
    parsed.slips.push(...slips);
    hasBegun ||= parameter?.isSpeed !== true;
  }
  return parsed;
}

function place(token: Token, hasBegun: boolean, parsed: ParsedPrompt): void {
  if (hasBegun) {
    if (token.isOpen) return;
    (isPunctuation(token.text) ? parsed.loose : parsed.stray).push(token);
  } else if (!LINK.test(token.text)) parsed.words.push(token);
  else (parsed.words.length === 0 ? parsed.links : parsed.lateLinks).push(token);
}

/** Gives a parameter the tokens that are its values. @returns the place of the first that is not */
function takeValues({ tokens, heads }: Parts, from: number, flag: Flag, parsed: ParsedPrompt): number {
  let at = from;
  for (; at < tokens.length && !isFull(flag); at += 1) {
    const token = tokens[at];
    if (token === undefined || heads[at] !== null) break;
    const value = flag.parameter?.value;
    const isFirst = flag.values.length === 0;
    if (value !== undefined && value.kind !== 'text' && !token.isOpen) {
      if (isPunctuation(token.text)) {
        parsed.loose.push(token);
        continue;
      }
      const isWanted = isFirst && !isOptional(value);
      if (!isWanted && !isAmong(value, token.text) && !(isFirst && looksLike(value, token.text))) break;
    }
    flag.values.push(token);
  }
  return at;
}

function isFull({ parameter, values }: Flag): boolean {
  switch (parameter?.value.kind) {
    case undefined:
    case 'text':
    case 'links':
    case 'codes':
      return false;
    case 'none':
      return true;
    default:
      return values.length > 0;
  }
}
