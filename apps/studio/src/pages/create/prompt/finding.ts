import type { Schemas } from '../../../api/client.ts';

/** What is wrong with one place of a prompt, as the gateway's lint says it. */
export type Finding = Schemas['FindingDto'];

/** Findings that a picture beside the prompt answers; the lint sees the text alone. */
const ANSWERED_BY_PICTURES = ['needs_image', 'text_missing', 'single_image'];

export function relevantFindings(findings: readonly Finding[], pictures: number): readonly Finding[] {
  return pictures === 0 ? findings : findings.filter(({ rule }) => !ANSWERED_BY_PICTURES.includes(rule));
}

/** The prompt with a finding's fix in its place. */
export function withFix(prompt: string, { start, end, fix }: Finding): string {
  return fix === null ? prompt : prompt.slice(0, start) + fix + prompt.slice(end);
}

/**
 * Findings of an older text moved to where their places are in a newer one, until the newer one is looked at itself: those that
 * the change touched are gone.
 */
export function carriedOver(findings: readonly Finding[], before: string, after: string): readonly Finding[] {
  if (before === after) return findings;
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const changedTo = before.length - tail;
  const moved = after.length - before.length;
  return findings.flatMap((finding) => {
    // A letter that is written on to it makes it another word.
    if (finding.end < head || (finding.end === head && /\s/.test(after[head] ?? ' '))) return [finding];
    if (finding.start >= changedTo) return [{ ...finding, start: finding.start + moved, end: finding.end + moved }];
    return [];
  });
}

/** A part of a prompt with what is wrong with it. */
export interface Piece {
  text: string;
  /** Numbers of the findings that cover it. */
  findings: readonly number[];
}

/** The prompt in pieces, so that each has the same findings throughout. An empty place takes a character before it or behind it. */
export function piecesOf(prompt: string, findings: readonly Finding[]): Piece[] {
  const places = findings.map(({ rule, start, end }) => {
    // It is about the whole prompt, and no mistake.
    if (rule === 'several_jobs') return { start: 0, end: 0 };
    if (end > start) return { start, end: Math.min(end, prompt.length) };
    return start < prompt.length ? { start, end: start + 1 } : { start: Math.max(0, start - 1), end: start };
  });
  const cuts = new Set([0, prompt.length]);
  for (const { start, end } of places) cuts.add(Math.min(start, prompt.length)).add(end);
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((from, at) => {
    const to = sorted[at + 1] ?? prompt.length;
    const covering = places.flatMap(({ start, end }, number) =>
      start <= from && end >= to && from < to ? [number] : [],
    );
    return { text: prompt.slice(from, to), findings: covering };
  });
}

/** The first finding at a place of the prompt. @returns its number, or -1 */
export function findingAt(findings: readonly Finding[], place: number): number {
  return findings.findIndex(({ rule, start, end }) => rule !== 'several_jobs' && start <= place && place <= end);
}
