import { checkValues, type Remark } from './check-value.js';
import { EXCLUSIONS } from './parameters.js';
import type { Flag, ParsedPrompt } from './parse-prompt.js';
import { isOptional } from './value.js';

/** What is wrong with the parameters, whatever the version. */
export function checkFlags(parsed: ParsedPrompt): Remark[] {
  const remarks: Remark[] = [...parsed.slips];
  const seen = new Set<unknown>();
  for (const flag of parsed.flags) {
    const { parameter, name, nameAt, start, end, values } = flag;
    if (parameter === null) {
      remarks.push({ rule: 'unknown_parameter', start, end: nameAt + name.length, fix: null });
      continue;
    }
    const lower = name.toLowerCase();
    if (lower !== name) {
      remarks.push({ rule: 'letter_case', start: nameAt, end: nameAt + name.length, fix: lower });
    }
    if (parameter.isUndocumented === true) {
      remarks.push({ rule: 'undocumented_parameter', start, end, fix: null });
    }
    if (values.length === 0 && !isOptional(parameter.value)) {
      remarks.push({ rule: 'value_missing', start, end, fix: null });
    }
    remarks.push(...checkValues(parameter, values));
    if (parameter.isSpeed !== true && seen.has(parameter)) {
      remarks.push({ rule: 'duplicate_parameter', start: parsed.endBefore(start), end, fix: '' });
    }
    seen.add(parameter);
  }
  for (const { start, end } of parsed.loose) {
    remarks.push({ rule: 'punctuation', start: parsed.endBefore(start), end, fix: '' });
  }
  return [...remarks, ...checkExclusions(parsed.flags)];
}

function checkExclusions(flags: readonly Flag[]): Remark[] {
  const firstOf = new Map<string, Flag>();
  const remarks: Remark[] = [];
  const tell = ({ start, end }: Flag): void => void remarks.push({ rule: 'contradiction', start, end, fix: null });
  let speed: Flag | null = null;
  for (const flag of flags) {
    const [name] = flag.parameter?.names ?? [];
    if (name === undefined) continue;
    if (flag.parameter?.isSpeed === true) {
      if (speed !== null) tell(flag);
      speed ??= flag;
    }
    if (!firstOf.has(name)) firstOf.set(name, flag);
  }
  for (const { one, other, when } of EXCLUSIONS) {
    const [a, b] = [firstOf.get(one), firstOf.get(other)];
    if (a === undefined || b === undefined) continue;
    if (when === undefined || b.values.some(({ text }) => when.test(text))) tell(a.start > b.start ? a : b);
  }
  return remarks;
}
