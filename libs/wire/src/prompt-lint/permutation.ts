import { pairBraces } from './token.js';

/** Counts stop here: a few hundred braces make more than can be written. */
const MOST_COUNTED = 1_000_000;

/** What comes of a prompt as it is read: text, and the beginning, the parts and the end of options. */
interface OptionReader {
  text(text: string): void;
  open(): void;
  next(): void;
  close(): void;
}

/**
 * How many prompts the options in braces make of one; more than a million are told as a million. A comma, or a brace, behind a
 * backslash is none, and braces without their other half are text.
 */
export function countPermutations(prompt: string): number {
  if (!prompt.includes('{')) return 1;
  /** Of each option that is open: what it makes so far, and what those before it make. */
  const open: { made: number; before: number }[] = [];
  let made = 1;
  read(prompt, {
    text: () => undefined,
    open: () => {
      open.push({ made, before: 0 });
      made = 1;
    },
    next: () => {
      const inner = open.at(-1);
      if (inner !== undefined) inner.before += made;
      made = 1;
    },
    close: () => {
      const inner = open.pop();
      if (inner !== undefined) made = Math.min(MOST_COUNTED, inner.made * Math.min(MOST_COUNTED, inner.before + made));
    },
  });
  return made;
}

/**
 * Those prompts, in the order Midjourney makes them: the last options change first. Only for as many as can be held. Options
 * lose the blanks at their ends, and backslashes before their commas, as nothing reads those once more.
 */
export function permutationsOf(prompt: string): string[] {
  const open: { made: string[]; before: string[] }[] = [];
  let made = [''];
  const trimmed = (): string[] => made.map((text) => text.trim());
  read(prompt, {
    text: (text) => (made = made.map((before) => before + text)),
    open: () => {
      open.push({ made, before: [] });
      made = [''];
    },
    next: () => {
      open.at(-1)?.before.push(...trimmed());
      made = [''];
    },
    close: () => {
      const inner = open.pop();
      if (inner === undefined) return;
      const options = [...inner.before, ...trimmed()];
      made = inner.made.flatMap((before) => options.map((option) => before + option));
    },
  });
  return made;
}

function read(prompt: string, to: OptionReader): void {
  const { isPaired } = pairBraces(prompt);
  let depth = 0;
  let from = 0;
  const textUntil = (end: number, next: number): void => {
    if (end > from) to.text(prompt.slice(from, end));
    from = next;
  };
  for (let at = 0; at < prompt.length; at += 1) {
    const unit = prompt[at];
    if (unit === '\\') {
      if (prompt[at + 1] === ',' && depth > 0) textUntil(at, at + 1);
      at += 1;
    } else if (unit === ',' && depth > 0) {
      textUntil(at, at + 1);
      to.next();
    } else if (isPaired[at] === 1) {
      textUntil(at, at + 1);
      depth += unit === '{' ? 1 : -1;
      if (unit === '{') to.open();
      else to.close();
    }
  }
  textUntil(prompt.length, prompt.length);
}
