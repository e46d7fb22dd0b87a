import type { BotType } from '../vocabulary.js';
import type { Severity } from '../prompt-rules/finding-rule.js';
import type { RuleName } from '../prompt-rules/prompt-rules.js';

/** What a rule says about one place of a prompt. */
export interface Finding {
  rule: RuleName;
  severity: Severity;
  /** UTF-16 units from the beginning of the prompt. */
  start: number;
  /** Behind the last unit; equal to `start` only in an empty prompt. */
  end: number;
  /** What to put in place of `[start, end)` so that this finding is gone; null where that is the writer's choice. */
  fix: string | null;
  /** Of `several_jobs`: how many. */
  jobs?: number;
}

/** What is known of a prompt besides its text. */
export interface LintContext {
  /** Default MID_JOURNEY. */
  botType?: BotType;
  /** Pictures that come with the prompt, besides the links in it. Default 0. */
  images?: number;
  /** True: it is the prompt of a video, with `--video` or without. */
  isVideo?: boolean;
  /** True: that a prompt is several jobs is told too. */
  tellsJobs?: boolean;
  /** False: the prompt may have no words, as something else says what to draw. Default true. */
  needsText?: boolean;
}
