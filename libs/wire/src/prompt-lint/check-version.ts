import type { Remark } from './check-value.js';
import { firstSeparator } from './check-text.js';
import type { LintContext } from './finding.js';
import type { Flag, ParsedPrompt } from './parse-prompt.js';
import { type Model, type Parameter, type Usual } from './parameters.js';
import { LINK, NUMBER, RATIO } from './value.js';

const IMAGE_MODELS: readonly Model[] = ['6', '6.1', 'niji 6', '7', 'niji 7', '8'];
const WITH_MULTI_PROMPT: readonly Model[] = ['6', '6.1', 'niji 6'];
/** Of it sources disagree. */
const DISPUTED_MULTI_PROMPT: Model = '7';
/** Of their six versions of style references two take codes. */
const WITH_SIX_STYLES: readonly Model[] = ['7', 'niji 7', '8'];
const STYLES_OF_CODES: readonly number[] = [4, 6];
/** V8.1 draws nothing wider or higher. */
const V8_MOST_RATIO = 14;

/**
 * What the version that a prompt names, or video, does not have. Without a version nobody knows which one the account
 * of the upstream has set: then only what no version has is told.
 */
export function checkVersion(parsed: ParsedPrompt, context: LintContext & { isVideo: boolean }): Remark[] {
  const models = modelsOf(parsed.flags, context);
  if (models.length === 0) return [];
  const [only] = models.length === 1 ? models : [];
  const remarks: Remark[] = [];
  const isEcho = parsed.flags.some(({ parameter, values }) => parameter?.names[0] === 'video' && values.length > 0);
  for (const flag of parsed.flags) {
    const { parameter, start, end, values } = flag;
    if (parameter === null) continue;
    // The prompt of a film as Midjourney echoes it has its ratio too.
    if (isEcho && parameter.value.kind === 'ratio') continue;
    const fit = models.map((model) => fitOf(parameter, model));
    if (fit.every((it) => it === 'no')) {
      const successor = only === '8' ? successorOf(parsed, flag) : null;
      const place = successor === null ? { start: parsed.endBefore(start), fix: '' } : { start, fix: successor };
      remarks.push({ rule: 'not_in_version', end, ...place });
    } else if (only !== undefined) {
      if (fit[0] === 'disputed') remarks.push({ rule: 'disputed_in_version', start, end, fix: null });
      for (const value of values) {
        const rule = value.isOpen ? null : doubtOn(parsed, parameter, only, value.text);
        if (rule !== null) remarks.push({ rule, start: value.start, end: value.end, fix: null });
      }
    }
  }
  const separator = firstSeparator(parsed.words);
  if (separator !== null && !models.some((model) => WITH_MULTI_PROMPT.includes(model))) {
    const rule = models.includes(DISPUTED_MULTI_PROMPT) ? 'disputed_in_version' : 'not_in_version';
    remarks.push({ rule, ...separator, fix: null });
  }
  return remarks;
}

/** What does for V8 what an old spelling did, where it is not there already. */
function successorOf({ flags }: ParsedPrompt, { parameter, values }: Flag): string | null {
  const isRaw = parameter?.names[0] === 'style' && values[0]?.text.toLowerCase() === 'raw';
  return isRaw && !flags.some((other) => other.parameter?.names[0] === 'raw') ? '--raw' : null;
}

/** What sources say against a value that is right by itself. */
function doubtOn(parsed: ParsedPrompt, parameter: Parameter, model: Model, text: string): Remark['rule'] | null {
  if (!isUsual(parameter, model, text)) return 'value_unusual';
  const { value } = parameter;
  if (value.kind !== 'number') return null;
  if (value.disputed?.[model]?.includes(Number(text)) === true) return 'disputed_in_version';
  const isOfCodes = parameter.names[0] === 'sv' && WITH_SIX_STYLES.includes(model) && hasStyleCodes(parsed.flags);
  return isOfCodes && !STYLES_OF_CODES.includes(Number(text)) ? 'value_unusual' : null;
}

function hasStyleCodes(flags: readonly Flag[]): boolean {
  return flags.some(
    ({ parameter, values }) =>
      parameter?.names[0] === 'sref' && values.some(({ text, isOpen }) => !isOpen && !LINK.test(text)),
  );
}

function fitOf({ fits, disputed }: Parameter, model: Model): 'yes' | 'no' | 'disputed' {
  if (fits === undefined || fits.includes(model)) return 'yes';
  return disputed?.includes(model) === true ? 'disputed' : 'no';
}

/** What a model is known to take of a value that is right by itself. */
function isUsual({ value }: Parameter, model: Model, text: string): boolean {
  if (value.kind === 'ratio' && model === '8' && RATIO.test(text)) {
    const [width = 1, height = 1] = text.split(':').map(Number);
    return Math.max(width, height) <= V8_MOST_RATIO * Math.min(width, height);
  }
  if (value.kind !== 'number' || !NUMBER.test(text)) return true;
  const number = Number(text);
  const { min, max, usual, by } = value;
  const narrow = by?.[model];
  // What is told already is not told again.
  if (narrow === undefined || number < min || number > max || !lies(number, usual)) return true;
  return lies(number, narrow);
}

function lies(number: number, usual: Usual | undefined): boolean {
  if (usual === undefined) return true;
  return 'oneOf' in usual ? usual.oneOf.includes(number) : number >= usual.min && number <= usual.max;
}

/** The models a prompt may be for; empty for one that no table shows. */
function modelsOf(flags: readonly Flag[], { isVideo, botType }: LintContext): readonly Model[] {
  if (isVideo === true) return ['video'];
  const named = flags.find(({ parameter }) => parameter?.value.kind === 'version');
  if (named === undefined) return botType === 'NIJI_JOURNEY' ? ['niji 6', 'niji 7'] : IMAGE_MODELS;
  const [value] = named.values;
  if (value === undefined || value.isOpen) return [];
  const family = named.parameter?.names[0] === 'niji' ? 'niji ' : '';
  const version = Number(value.text);
  const column = family === '' && Math.floor(version) === 8 ? '8' : `${family}${version}`;
  return IMAGE_MODELS.filter((model) => model === column);
}
