import type { Schemas } from '../../../api/client.ts';

/** What the gateway says about parameters of prompts. */
export type PromptRules = Schemas['PromptRulesDto'];
export type ParameterRule = Schemas['ParameterDto'];
export type VersionRule = Schemas['VersionDto'];

/** A parameter as it stands in a prompt. */
export interface FoundParameter {
  rule: ParameterRule;
  /** Its name as it is written. */
  written: string;
  /** '': none. */
  value: string;
  start: number;
  /** Behind its last value. */
  end: number;
}

interface Token {
  text: string;
  start: number;
  end: number;
}

/** Two hyphens, or the em dash that phones write for them. */
const HEAD = /^(?:--|—)([a-z]+)$/i;
const ANY_HEAD = /^(?:--|—)[a-z]/i;

/** The parameters of a prompt that are written as they should be, in their order; slips of the pen are left to the lint. */
export function parametersIn(prompt: string, rules: PromptRules): FoundParameter[] {
  const tokens: Token[] = [...prompt.matchAll(/\S+/g)].map(({ 0: text, index }) => ({
    text,
    start: index,
    end: index + text.length,
  }));
  const found: FoundParameter[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    const written = token === undefined ? undefined : HEAD.exec(token.text)?.[1];
    const rule = written === undefined ? undefined : ruleNamed(rules, written);
    if (token === undefined || written === undefined || rule === undefined) continue;
    const values: Token[] = [];
    for (let next = at + 1; next < tokens.length; next += 1) {
      const value = tokens[next];
      if (value === undefined || ANY_HEAD.test(value.text) || !takes(rule, values.length, value.text)) break;
      values.push(value);
    }
    at += values.length;
    const end = values.at(-1)?.end ?? token.end;
    const first = values[0]?.start ?? end;
    found.push({ rule, written, value: prompt.slice(first, end), start: token.start, end });
  }
  return found;
}

export function ruleNamed(rules: PromptRules, name: string): ParameterRule | undefined {
  const lower = name.toLowerCase();
  return rules.parameters.find((rule) => rule.name === lower || rule.aliases.includes(lower));
}

function takes({ value: { kind, optional } }: ParameterRule, taken: number, text: string): boolean {
  if (kind === 'flag') return false;
  if (kind === 'text' || kind === 'links') return true;
  if (kind === 'codes') return !optional || /^[\w:/.?=&-]+$/.test(text);
  if (taken > 0) return false;
  return !optional || /^[\d.]+$/.test(text);
}

/** The value of a parameter in a prompt; null: it is not there. */
export function parameterValue(found: readonly FoundParameter[], name: string): string | null {
  return found.find(({ rule }) => rule.name === name)?.value ?? null;
}

/**
 * A prompt with a parameter set, changed or taken out; everything else in it stays as it was written.
 *
 * @param value '' for one without a value; null takes it out
 */
export function withParameter(prompt: string, rules: PromptRules, name: string, value: string | null): string {
  const rule = ruleNamed(rules, name);
  if (rule === undefined) return prompt;
  const found = parametersIn(prompt, rules);
  const own = found.filter((one) => one.rule.name === rule.name);
  const [first, ...others] = own;
  const out = new Set(rule.repeatable && value !== null ? [] : others);
  if (value === null && first !== undefined) out.add(first);
  if (value !== null) found.filter((one) => rule.excludes.includes(one.rule.name)).forEach((one) => out.add(one));
  let changed = prompt;
  for (const one of [...found].reverse()) {
    if (out.has(one)) changed = cut(changed, one);
    else if (one === first && value !== null) {
      const head = prompt.slice(one.start).startsWith('—') ? '—' : '--';
      changed = changed.slice(0, one.start) + headed(head + one.written, value) + changed.slice(one.end);
    }
  }
  if (value === null || first !== undefined) return changed;
  const before = changed.trimEnd();
  return `${before}${before === '' ? '' : ' '}${headed(`--${rule.name}`, value)}`;
}

function headed(head: string, value: string): string {
  return value === '' ? head : `${head} ${value}`;
}

function cut(prompt: string, { start, end }: FoundParameter): string {
  const before = prompt.slice(0, start).trimEnd();
  const after = prompt.slice(end);
  return before === '' ? after.trimStart() : before + after;
}

/** The version that draws a prompt: the one that it names, or the default of the bot. */
export function versionOf(found: readonly FoundParameter[], rules: PromptRules, bot: string): VersionRule | undefined {
  for (const [name, of] of [
    ['niji', 'NIJI_JOURNEY'],
    ['v', 'MID_JOURNEY'],
  ] as const) {
    const value = parameterValue(found, name);
    if (value === null) continue;
    return rules.versions.find((version) => version.bot === of && version.version === Number(value));
  }
  return rules.versions.find((version) => version.bot === bot && version.isDefault);
}
