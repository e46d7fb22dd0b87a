import type { Flag } from '../prompt-lint/parse-prompt.js';
import type { Token } from '../prompt-lint/token.js';
import { endOfWord, NUMBER } from '../prompt-lint/value.js';
import type { KindRules, Taking } from '../prompt-rules/kind-rules.js';
import type { Model } from '../prompt-rules/model.js';
import type { Parameter } from '../prompt-rules/parameter.js';
import type { TaskMode } from '../vocabulary.js';

/** Whether a kind does not have a mode for a model. */
export function lacksMode({ lacksModes }: KindRules, model: Model | null, mode: TaskMode): boolean {
  return lacksModes.some((each) => each.mode === mode && model !== null && each.models.includes(model.name));
}

/**
 * Whether a kind does not have a parameter for a model, or does not take its value. What Midjourney drops without a word, or
 * does not document, is no lack. @param model null: one that no table shows
 */
export function lacks(rules: KindRules, { parameter, values }: Flag, model: Model | null, mode: TaskMode): boolean {
  if (parameter === null || parameter.isSpeed === true || parameter.isUndocumented === true) return false;
  const [name] = parameter.names;
  const holds = isInScope(model, mode);
  if (rules.lacks.some((rule) => rule.parameters.includes(name) && holds(rule))) return true;
  if (rules.takes.some((rule) => rule.parameter === name && holds(rule) && !isTaken(rule, values))) return true;
  const hasIt = rules.isOpen || rules.has.some((rule) => rule.parameters.includes(name) && holds(rule));
  return !hasIt && model !== null && !fits(parameter, model.name, values);
}

type Scope = Pick<Taking, 'models' | 'except' | 'modes'>;

function isInScope(model: Model | null, mode: TaskMode): (rule: Scope) => boolean {
  const name = model?.name ?? '';
  return ({ models, except, modes }) =>
    models?.includes(name) !== false && except?.includes(name) !== true && modes?.includes(mode) !== false;
}

function fits({ fits, disputed, replaced }: Parameter, model: string, values: readonly Token[]): boolean {
  if (fits === undefined || fits.includes(model) || disputed?.includes(model) === true) return true;
  return replaced?.models.includes(model) === true && values[0]?.text.toLowerCase() === replaced.value;
}

/** Values with options are not judged, nor are those that are no numbers where numbers belong. */
function isTaken({ oneOf, min = -Infinity, max = Infinity, like }: Taking, values: readonly Token[]): boolean {
  if (like !== undefined) return values.length > 0 && values.every(({ text, isOpen }) => isOpen || like.test(text));
  return values.every(({ text, isOpen }) => {
    const word = text.slice(0, endOfWord(text));
    if (isOpen || !NUMBER.test(word)) return true;
    const number = Number(word);
    return oneOf === undefined ? number >= min && number <= max : oneOf.includes(number);
  });
}
