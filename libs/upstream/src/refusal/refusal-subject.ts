import { isOperatorFault } from '../port/outcome.js';
import type { Meaning, Pattern } from './refusal-pattern.js';
import { inSimplified } from './chinese-script.js';
import { withoutOperatorNames } from './operator-names.js';
import { NAMES, PATTERNS } from './refusal-table.js';

/** The texts of an answer that declines: its messages, and its names of the kind of error. */
export interface RefusalText {
  words: string;
  names: readonly string[];
}

/** How many characters of the messages are read: the text that decides is at their beginning. */
const MOST_READ = 2_000;
/** Most sentences that are read: a text may consist of full stops. */
const MOST_SENTENCES = 40;
const OF_OPERATOR = PATTERNS.filter(isAboutOperator);
/** Ends of sentences: after a full stop of any script, but not inside a number. */
const SENTENCES = /(?<=[。；！？\n])|(?<=[.;!?])(?=\s)/u;

/**
 * The subject of an answer that declines; null where no table has it. Quotations of the client's own texts (`ownTexts`) are
 * not taken for the words of the answer.
 */
export function subjectOf({ words, names }: RefusalText, ownTexts: readonly string[]): Meaning | null {
  const named = names.map((name) => NAMES.get(name.toLowerCase())).find((meaning) => meaning !== undefined);
  if (named?.subject === 'content') return named;
  return find(PATTERNS, words, normalized(ownTexts.join('\n'))) ?? named ?? null;
}

/**
 * An upstream's messages without statements about the operator's account: '' where the account is their subject, else
 * without the sentences that mention it, and without names of vendors, accounts, channels and keys. They are not yet fit for
 * clients in other respects.
 */
export function withoutAccountMatters(said: RefusalText, ownTexts: readonly string[]): string {
  const meaning = subjectOf(said, ownTexts);
  if (meaning !== null && isAboutOperator(meaning)) return '';
  const own = normalized(ownTexts.join('\n'));
  const sentences = said.words.slice(0, MOST_READ).split(SENTENCES).slice(0, MOST_SENTENCES);
  const kept = sentences.filter((sentence) => find(OF_OPERATOR, sentence, own) === null);
  return withoutOperatorNames(kept.join(''), (piece) => own.includes(normalized(piece))).trim();
}

/** Whether a subject concerns the operator's account. Texts about no available account name its channels and groups, too. */
function isAboutOperator({ subject }: Meaning): boolean {
  return isOperatorFault(subject) || subject === 'no_account';
}

function find(patterns: readonly Pattern[], words: string, own: string): Meaning | null {
  const text = inSimplified(words.slice(0, MOST_READ));
  return patterns.find(({ says }) => says.some((pattern) => isSaid(text, pattern, own))) ?? null;
}

function isSaid(text: string, pattern: RegExp, own: string): boolean {
  // Not matchAll, which copies the pattern: for a hundred patterns that would be most of the work.
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    if (!own.includes(normalized(found[0]))) return true;
  }
  return false;
}

/** A text in the form in which quotations are compared: upstreams lower the case of prompts and join their lines. */
function normalized(text: string): string {
  return inSimplified(text).replace(/\s+/g, ' ').trim().toLowerCase();
}
