import type { Remark } from './check-value.js';
import { firstSeparator } from './check-text.js';
import type { LintContext } from './finding.js';
import type { Flag, ParsedPrompt } from './parse-prompt.js';
import { LINK, NUMBER, RATIO } from './value.js';
import type { Model } from '../prompt-rules/model.js';
import type { Parameter } from '../prompt-rules/parameter.js';
import { modelOf, PROMPT_RULES } from '../prompt-rules/prompt-rules.js';
import type { Usual } from '../prompt-rules/value-kind.js';

const IMAGE_MODELS = PROMPT_RULES.models.filter(({ versions, niji }) => versions.length + niji.length > 0);
const NIJI_MODELS = PROMPT_RULES.models.filter(({ niji }) => niji.length > 0);
const FILM_MODELS = PROMPT_RULES.models.filter((model) => !IMAGE_MODELS.includes(model));

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
      const successor = only === undefined ? null : successorOf(parsed, flag, only);
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
  if (separator !== null && !models.some(({ multiPrompt }) => multiPrompt === 'yes')) {
    const isDisputed = models.some(({ multiPrompt }) => multiPrompt === 'disputed');
    const rule = isDisputed ? 'disputed_in_version' : 'not_in_version';
    remarks.push({ rule, ...separator, fix: null });
  }
  return remarks;
}

/** The parameter that does what a value did for older models, where it is not there already. */
function successorOf({ flags }: ParsedPrompt, { parameter, values }: Flag, model: Model): string | null {
  const { replaced } = parameter ?? {};
  const isReplaced = replaced?.models.includes(model.name) === true && values[0]?.text.toLowerCase() === replaced.value;
  if (!isReplaced || flags.some((other) => other.parameter?.names[0] === replaced.by)) return null;
  return `--${replaced.by}`;
}

/** What sources say against a value that is right by itself. */
function doubtOn(parsed: ParsedPrompt, parameter: Parameter, model: Model, text: string): Remark['rule'] | null {
  if (!isUsual(parameter, model, text)) return 'value_unusual';
  const { value } = parameter;
  if (value.kind !== 'number') return null;
  if (value.disputed?.[model.name]?.includes(Number(text)) === true) return 'disputed_in_version';
  const { stylesOfCodes } = model;
  if (parameter.names[0] !== 'sv' || stylesOfCodes === undefined || !hasStyleCodes(parsed.flags)) return null;
  return stylesOfCodes.includes(Number(text)) ? null : 'value_unusual';
}

function hasStyleCodes(flags: readonly Flag[]): boolean {
  return flags.some(
    ({ parameter, values }) =>
      parameter?.names[0] === 'sref' && values.some(({ text, isOpen }) => !isOpen && !LINK.test(text)),
  );
}

function fitOf({ fits, disputed }: Parameter, { name }: Model): 'yes' | 'no' | 'disputed' {
  if (fits === undefined || fits.includes(name)) return 'yes';
  return disputed?.includes(name) === true ? 'disputed' : 'no';
}

/** What a model is known to take of a value that is right by itself. */
function isUsual({ value }: Parameter, model: Model, text: string): boolean {
  if (value.kind === 'ratio' && model.mostRatio !== undefined && RATIO.test(text)) {
    const [width = 1, height = 1] = text.split(':').map(Number);
    return Math.max(width, height) <= model.mostRatio * Math.min(width, height);
  }
  if (value.kind !== 'number' || !NUMBER.test(text)) return true;
  const number = Number(text);
  const { min, max, usual, by } = value;
  const narrow = by?.[model.name];
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
  if (isVideo === true) return FILM_MODELS;
  const named = flags.find(({ parameter }) => parameter?.value.kind === 'version');
  if (named === undefined) return botType === 'NIJI_JOURNEY' ? NIJI_MODELS : IMAGE_MODELS;
  const [value] = named.values;
  if (value === undefined || value.isOpen) return [];
  const model = modelOf(Number(value.text), named.parameter?.names[0] === 'niji');
  return model === null ? [] : [model];
}
