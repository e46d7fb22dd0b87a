import { jobsOf } from '../prompt-jobs.js';
import { checkFlags } from './check-flags.js';
import { checkText } from './check-text.js';
import type { Remark } from './check-value.js';
import { checkVersion } from './check-version.js';
import type { Finding, LintContext } from './finding.js';
import { parsePrompt, type ParsedPrompt } from './parse-prompt.js';
import { PROMPT_RULES, type RuleName } from '../prompt-rules/prompt-rules.js';

/** Fixes are tried out on no more characters than these in all; one that was not tried is not offered. */
const MAX_TRIED = 12 * 1024;

/**
 * What Midjourney would turn away in a prompt (errors), and what it would take but not as it was meant (warnings), by
 * place. Total: every string has an answer, in time that grows with its length only. Nothing is changed, and a fix is
 * offered only where it leaves the prompt with one finding of its rule less.
 */
export function lintPrompt(prompt: string, context: LintContext = {}): Finding[] {
  const remarks = remarksOn(prompt, context);
  const counts = countByRule(remarks);
  let tried = 0;
  const works = ({ rule, start, end, fix }: Remark): boolean => {
    if (fix === null) return false;
    const fixed = prompt.slice(0, start) + fix + prompt.slice(end);
    tried += fixed.length;
    if (tried > MAX_TRIED) return false;
    return (countByRule(remarksOn(fixed, { ...context, tellsJobs: false })).get(rule) ?? 0) < (counts.get(rule) ?? 0);
  };
  return remarks.map((remark) => {
    const { rule, start, end, jobs } = remark;
    const found = {
      rule,
      severity: PROMPT_RULES.findings[rule].severity,
      start,
      end,
      fix: works(remark) ? remark.fix : null,
    };
    return jobs === undefined ? found : { ...found, jobs };
  });
}

/** Whether Midjourney would turn the prompt away. */
export function hasError(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

function countByRule(remarks: readonly Remark[]): Map<RuleName, number> {
  const counts = new Map<RuleName, number>();
  for (const { rule } of remarks) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}

/** In the order of their places. */
function remarksOn(prompt: string, context: LintContext): Remark[] {
  const parsed = parsePrompt(prompt);
  const isVideo = context.isVideo === true || parsed.flags.some(({ parameter }) => parameter?.names[0] === 'video');
  const known = { ...context, isVideo };
  return [
    ...checkText(prompt, parsed, known),
    ...checkOrder(prompt, parsed),
    ...checkFlags(prompt, parsed),
    ...checkVersion(parsed, known),
    ...(context.tellsJobs === true ? countJobs(prompt) : []),
  ].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** One finding for the whole prompt. */
function countJobs(prompt: string): Remark[] {
  const { count } = jobsOf(prompt);
  return count === 1 ? [] : [{ rule: 'several_jobs', start: 0, end: prompt.length, fix: null, jobs: count }];
}

/** One finding for all words behind parameters; the fix puts them before the first of those. */
function checkOrder(prompt: string, { stray, flags }: ParsedPrompt): Remark[] {
  const last = stray.at(-1);
  const first = flags.find(({ parameter }) => parameter?.isSpeed !== true);
  if (last === undefined || first === undefined) return [];
  const kept: string[] = [];
  let from = first.start;
  for (const { start, end } of stray) {
    kept.push(prompt.slice(from, start).trim());
    from = end;
  }
  const fix = [...stray.map(({ text }) => text), ...kept.filter((part) => part !== '')].join(' ');
  return [{ rule: 'text_after_parameters', start: first.start, end: last.end, fix }];
}
