import type { Token } from './token.js';
import { endOfWord, isAmong, NUMBER } from './value.js';
import type { Parameter } from '../prompt-rules/parameter.js';
import type { RuleName } from '../prompt-rules/prompt-rules.js';
import type { ValueKind } from '../prompt-rules/value-kind.js';

/** What is wrong with a place, before its severity is looked up. */
export interface Remark {
  rule: RuleName;
  start: number;
  end: number;
  fix: string | null;
  /** Of `several_jobs`: how many. */
  jobs?: number;
}

/** What is wrong with the values of a parameter by themselves, whatever the version. Values with options are not judged. */
export function checkValues({ value: kind }: Parameter, values: readonly Token[]): Remark[] {
  if (kind.kind === 'text') return [];
  const remarks: Remark[] = [];
  for (const { text, start, end, isOpen } of values) {
    if (isOpen) continue;
    const length = endOfWord(text);
    if (length < text.length) remarks.push({ rule: 'punctuation', start: start + length, end, fix: '' });
    const word = text.slice(0, length);
    const found = checkWord(kind, word);
    if (found !== null) remarks.push({ ...found, start, end: start + length });
  }
  const most = kind.kind === 'links' ? kind.most : Infinity;
  const [last, extra] = [values[most - 1], values.at(-1)];
  if (values.length > most && last !== undefined && extra !== undefined) {
    remarks.push({ rule: 'too_many_values', start: last.end, end: extra.end, fix: '' });
  }
  return remarks;
}

type Verdict = Pick<Remark, 'rule' | 'fix'> | null;

function checkWord(kind: ValueKind, word: string): Verdict {
  switch (kind.kind) {
    case 'none':
    case 'text':
      return null;
    case 'number':
      return checkNumber(kind, word);
    case 'version':
      if (!NUMBER.test(word)) return { rule: 'value_malformed', fix: null };
      return checkListed(kind, Number(word));
    case 'ratio':
      return checkRatio(word);
    case 'word':
      if (kind.listed.includes(word.toLowerCase())) return null;
      return { rule: kind.closed ? 'value_malformed' : 'value_unusual', fix: null };
    case 'links':
    case 'codes':
      return isAmong(kind, word) ? null : { rule: 'value_malformed', fix: null };
  }
}

function checkListed({ listed, gone = {} }: ValueKind & { kind: 'version' }, version: number): Verdict {
  if (listed.includes(version)) return null;
  const successor = gone[version];
  return successor === undefined
    ? { rule: 'value_out_of_range', fix: null }
    : { rule: 'value_unusual', fix: String(successor) };
}

const DECIMAL_COMMA = /^\d{1,15},\d{1,15}$/;

function checkNumber({ min, max, whole, usual }: ValueKind & { kind: 'number' }, word: string): Verdict {
  if (!NUMBER.test(word)) {
    const meant = DECIMAL_COMMA.test(word) ? word.replace(',', '.') : null;
    return { rule: 'value_malformed', fix: whole === true ? null : meant };
  }
  const number = Number(word);
  if (number < min || number > max) return { rule: 'value_out_of_range', fix: String(number < min ? min : max) };
  if (whole === true && !Number.isInteger(number)) {
    return { rule: 'value_malformed', fix: String(Math.min(max, Math.max(min, Math.round(number)))) };
  }
  const isUsual =
    usual === undefined ||
    ('oneOf' in usual ? usual.oneOf.includes(number) : number >= usual.min && number <= usual.max);
  return isUsual ? null : { rule: 'value_unusual', fix: null };
}

const WHOLE_RATIO = /^(\d+):(\d+)$/;
const DECIMAL_RATIO = /^(\d+(?:\.\d*)?|\.\d+):(\d+(?:\.\d*)?|\.\d+)$/;
const OTHER_SIGN = /^(\d+)[x×*/：-](\d+)$/i;

function checkRatio(word: string): Verdict {
  const whole = WHOLE_RATIO.exec(word);
  if (whole !== null) {
    const isPositive = /[1-9]/.test(whole[1] ?? '') && /[1-9]/.test(whole[2] ?? '');
    return isPositive ? null : { rule: 'value_out_of_range', fix: null };
  }
  const decimal = DECIMAL_RATIO.exec(word);
  if (decimal !== null) return { rule: 'ratio_not_whole', fix: wholeRatio(decimal[1] ?? '', decimal[2] ?? '') };
  const other = OTHER_SIGN.exec(word);
  return { rule: 'value_malformed', fix: other === null ? null : `${other[1] ?? ''}:${other[2] ?? ''}` };
}

const MAX_DIGITS = 6;

/** The same ratio in whole numbers: 1.85:1 is 37:20. Null where it has too many digits, or is none. */
function wholeRatio(width: string, height: string): string | null {
  const decimals = Math.max(...[width, height].map((side) => side.split('.')[1]?.length ?? 0));
  if (width.length > MAX_DIGITS || height.length > MAX_DIGITS) return null;
  const [w, h] = [width, height].map((side) => Math.round(Number(side) * 10 ** decimals));
  if (w === undefined || h === undefined || w === 0 || h === 0) return null;
  const shared = divisor(w, h);
  return `${w / shared}:${h / shared}`;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
