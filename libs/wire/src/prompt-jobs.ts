import { parsePrompt, type Flag } from './prompt-lint/parse-prompt.js';
import { countPermutations, permutationsOf } from './prompt-lint/permutation.js';

/** Midjourney takes no more of one prompt. */
export const MOST_JOBS = 40;

/** The pieces of work that one prompt asks for. */
export interface PromptJobs {
  count: number;
  /** The prompt of each, in the order Midjourney makes them; empty where there are more than {@link MOST_JOBS}. */
  prompts: readonly string[];
}

/**
 * Characters of all permutations of a prompt that are looked through for `--repeat`: each may say how often it is made, and
 * taking 40 of 8 KiB apart takes 300 ms. Ten of a long prompt have 20 KiB.
 */
const MOST_TAKEN_APART = 32 * 1024;

const REPEATS = /(?:--|\u2014)r(?:epeat)?\s/i;

/**
 * What Midjourney makes of options in braces and of `--repeat`: each of the permutations, and each of those as often as
 * it says. A prompt that is one job is left as it is.
 */
export function jobsOf(prompt: string): PromptJobs {
  const repeats = REPEATS.test(prompt);
  if (!repeats && !prompt.includes('{')) return { count: 1, prompts: [prompt] };
  const permutations = countPermutations(prompt);
  if (permutations > MOST_JOBS) return { count: permutations, prompts: [] };
  // More of both than anybody has a use for: it is taken for as many as it may be.
  if (repeats && permutations > 1 && permutations * prompt.length > MOST_TAKEN_APART) {
    return { count: permutations * MOST_JOBS, prompts: [] };
  }
  const prompts = permutations > 1 ? permutationsOf(prompt).map(tidy) : [prompt];
  const jobs = prompts.map((one) => (repeats ? repeatsOf(one) : { prompt: one, times: 1 }));
  const count = jobs.reduce((sum, { times }) => sum + times, 0);
  if (count > MOST_JOBS) return { count, prompts: [] };
  return { count, prompts: jobs.flatMap((job) => Array.from({ length: job.times }, () => job.prompt)) };
}

/** An option that is empty leaves the blanks at both its sides. */
function tidy(prompt: string): string {
  return prompt.replace(/[^\S\n]{2,}/g, ' ').trim();
}

/** How often a prompt is to be made, and the prompt without that. */
function repeatsOf(prompt: string): { prompt: string; times: number } {
  const parsed = parsePrompt(prompt);
  const flags = parsed.flags.filter((flag) => isRepeat(prompt, flag));
  const [first] = flags;
  if (first === undefined) return { prompt, times: 1 };
  let rest = '';
  let from = 0;
  for (const { start, end } of flags) {
    rest += prompt.slice(from, parsed.endBefore(start));
    from = end;
  }
  return { prompt: (rest + prompt.slice(from)).trim(), times: Number(first.values[0]?.text) };
}

/** Written as Midjourney takes it, with a number of two or more: what is not is none of ours to understand. */
function isRepeat(prompt: string, { parameter, name, nameAt, start, values: [value] }: Flag): boolean {
  if (parameter?.names[0] !== 'r' || value === undefined || !/^\d{1,6}$/.test(value.text)) return false;
  const isSpaced = value.start > nameAt + name.length && /^(?:--|\u2014)$/.test(prompt.slice(start, nameAt));
  return isSpaced && Number(value.text) >= 2;
}
