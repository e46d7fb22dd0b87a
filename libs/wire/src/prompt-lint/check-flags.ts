import { checkValues, type Remark } from './check-value.js';
import type { Flag, ParsedPrompt } from './parse-prompt.js';
import type { Parameter } from '../prompt-rules/parameter.js';
import { PROMPT_RULES } from '../prompt-rules/prompt-rules.js';
import { isOptional } from './value.js';

/** The parameter that another one weighs. */
const REFERENCE_OF: ReadonlyMap<string, string> = new Map(
  PROMPT_RULES.needs.filter(({ of }) => of !== 'picture').map(({ parameter, of }) => [parameter, of]),
);

/** What is wrong with the parameters, whatever the version. */
export function checkFlags(prompt: string, parsed: ParsedPrompt): Remark[] {
  const remarks: Remark[] = [...parsed.slips];
  const seen = new Map<Parameter, Flag>();
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
    const first = seen.get(parameter);
    if (first === undefined) seen.set(parameter, flag);
    else if (parameter.mayRepeat === true) remarks.push(joined(prompt, first, flag));
    else if (parameter.isSpeed !== true) {
      remarks.push({ rule: 'duplicate_parameter', start: parsed.endBefore(start), end, fix: '' });
    }
  }
  for (const { start, end } of parsed.loose) {
    remarks.push({ rule: 'punctuation', start: parsed.endBefore(start), end, fix: '' });
  }
  return [...remarks, ...checkReferences(parsed.flags), ...checkExclusions(parsed)];
}

/** The values of the later flag go to the first one; what stands between follows them. */
function joined(prompt: string, first: Flag, later: Flag): Remark {
  const values = later.values.map(({ text }) => ` ${text}`).join('');
  const between = prompt.slice(first.end, later.start).trimEnd();
  return { rule: 'repeated_reference', start: first.end, end: later.end, fix: values + between };
}

/** Weights of references that are not there. */
function checkReferences(flags: readonly Flag[]): Remark[] {
  const names = new Set(flags.map(({ parameter }) => parameter?.names[0]));
  return flags.flatMap(({ parameter, start, end }): Remark[] => {
    const reference = REFERENCE_OF.get(parameter?.names[0] ?? '');
    return reference === undefined || names.has(reference) ? [] : [{ rule: 'needs_reference', start, end, fix: null }];
  });
}

function checkExclusions({ flags, hasOptions }: ParsedPrompt): Remark[] {
  const firstOf = new Map<string, Flag>();
  const remarks: Remark[] = [];
  const tell = ({ start, end }: Flag): void => void remarks.push({ rule: 'contradiction', start, end, fix: null });
  let speed: Flag | null = null;
  for (const flag of flags) {
    const [name] = flag.parameter?.names ?? [];
    if (name === undefined) continue;
    if (flag.parameter?.isSpeed === true) {
      if (speed !== null || (name === 'relax' && hasOptions)) tell(flag);
      speed ??= flag;
    }
    if (!firstOf.has(name)) firstOf.set(name, flag);
  }
  for (const { one, other, when } of PROMPT_RULES.exclusions) {
    const [a, b] = [firstOf.get(one), firstOf.get(other)];
    if (a === undefined || b === undefined) continue;
    if (when === undefined || b.values.some(({ text }) => when.test(text))) tell(a.start > b.start ? a : b);
  }
  return remarks;
}
