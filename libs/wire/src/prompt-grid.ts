import { withHyphens } from './prompt-flags.js';

const ASPECT = /(?:^|\s)--(?:ar|aspect)\s+(\d{1,4})\s*:\s*(\d{1,4})(?!\d)/gi;
const DRAFT = /(?:^|\s)--draft(?=[\s,.;:!?]|$)/i;
/** The version whose drafts are four pictures; those of version 8 are 24. */
const DRAFTS_OF_FOUR = /(?:^|\s)--(?:v|version)\s+7(?:\.\d+)?(?=\s|$)/i;

/** Width by height of each picture that a prompt asks for: its last `--ar`, 1 where it has none. */
export function aspectOf(prompt: string): number {
  const [, width, height] = [...withHyphens(prompt).matchAll(ASPECT)].at(-1) ?? [];
  const aspect = Number(width) / Number(height);
  return Number.isFinite(aspect) && aspect > 0 ? aspect : 1;
}

/** Whether a prompt may give a grid of another size than four: a draft, unless of a version that is known to draw four. */
export function mayDrawMany(prompt: string): boolean {
  const text = withHyphens(prompt);
  return DRAFT.test(text) && !DRAFTS_OF_FOUR.test(text);
}
