import { isOperatorFault } from '../port/outcome.js';
import type { Meaning, Pattern } from './refusal-pattern.js';
import { inSimplified } from './chinese-script.js';
import { NAMES, PATTERNS } from './refusal-table.js';

/** What a declining answer says: its words, and what it calls the kind of the error. */
export interface RefusalText {
  words: string;
  names: readonly string[];
}

/** What is shown of words is shorter; what is decided by them stands at their beginning. */
const MOST_READ = 2_000;
/** A text of nothing but full stops is no text. */
const MOST_SENTENCES = 40;
const OF_OPERATOR = PATTERNS.filter(isAboutOperator);
/** After a full stop of any script, but not inside a number. */
const SENTENCES = /(?<=[。；！？\n])|(?<=[.;!?])(?=\s)/u;

/**
 * What a declining answer is about; null where no table knows it. What the client wrote itself (`ownTexts`) says nothing,
 * wherever an answer quotes it.
 */
export function subjectOf({ words, names }: RefusalText, ownTexts: readonly string[]): Meaning | null {
  const named = names.map((name) => NAMES.get(name.toLowerCase())).find((meaning) => meaning !== undefined);
  if (named?.subject === 'content') return named;
  return find(PATTERNS, words, normalized(ownTexts.join('\n'))) ?? named ?? null;
}

/**
 * An upstream's words without what they say of the operator's account there: nothing where that is what they are about,
 * else without the sentences that mention it. Not yet fit for clients in other respects.
 */
export function withoutAccountMatters(said: RefusalText, ownTexts: readonly string[]): string {
  const meaning = subjectOf(said, ownTexts);
  if (meaning !== null && isAboutOperator(meaning)) return '';
  const own = normalized(ownTexts.join('\n'));
  const sentences = said.words.slice(0, MOST_READ).split(SENTENCES).slice(0, MOST_SENTENCES);
  const kept = sentences.filter((sentence) => find(OF_OPERATOR, sentence, own) === null);
  return kept.join('').trim();
}

/** What is said of nobody being there names the operator's accounts, channels and groups as well. */
function isAboutOperator({ subject }: Meaning): boolean {
  return isOperatorFault(subject) || subject === 'no_account';
}

function find(patterns: readonly Pattern[], words: string, own: string): Meaning | null {
  const text = inSimplified(words.slice(0, MOST_READ));
  return patterns.find(({ says }) => says.some((pattern) => isSaid(text, pattern, own))) ?? null;
}

function isSaid(text: string, pattern: RegExp, own: string): boolean {
  // Not matchAll, which makes a copy of the pattern: for each of a hundred of them that is most of the work.
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    if (!own.includes(normalized(found[0]))) return true;
  }
  return false;
}

/** As quotations of it may differ: upstreams lower prompts and join their lines. */
function normalized(text: string): string {
  return inSimplified(text).replace(/\s+/g, ' ').trim().toLowerCase();
}
