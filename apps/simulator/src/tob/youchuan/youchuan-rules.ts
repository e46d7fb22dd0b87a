import { type Operation } from '../operation-names.js';
import { flagValue, hasFlag, isBanned, type TobPrompt } from '../tob-prompt.js';
import { type TobRecord } from '../tob-record.js';
import { Refusal } from '../tob-refusal.js';

export const DEFAULT_MODEL = '6.1';
const MODELS = new Set(['6', '6.1', '7', '8.1', 'niji 6', 'niji 7']);
/** What V8.1 has not. */
const NOT_ON_8: ReadonlySet<Operation> = new Set<Operation>(['pan', 'outpaint', 'inpaint', 'enhance']);
const FLAGS_NOT_ON_8 = 'weird|w|tile|cref|cw|bs|draft|stop|turbo';

const wrong = (message: string): Refusal => new Refusal('Invalid_Prompt_Parameter', message);

/** The vendor's rules for texts. @throws Refusal */
export function judgeText(prompt: TobPrompt): void {
  if (isBanned(prompt)) throw new Refusal('Msg_Sensitive', '文本未通过审核');
  if (prompt.mode === 'RELAX') throw new Refusal('Relax_Not_Allow', 'relax is not in the plan');
  if (hasFlag(prompt, 'repeat|r') || /\{[^}]*,[^}]*\}/.test(prompt.words))
    throw wrong('--repeat and {} are not supported');
  if (prompt.model !== null && !MODELS.has(prompt.model)) throw wrong(`there is no model ${prompt.model}`);
  if ((prompt.full.match(/(?:^|\s)--oref\s/g)?.length ?? 0) > 1) throw wrong('--oref stands more than once');
  if (prompt.model === '8.1') judgeFor8(prompt);
}

function judgeFor8(prompt: TobPrompt): void {
  if (hasFlag(prompt, FLAGS_NOT_ON_8)) throw wrong('a parameter is not supported by V8.1');
  if (/::/.test(prompt.words)) throw wrong(':: is not supported by V8.1');
  if (!['6', null].includes(flagValue(prompt, 'sv'))) throw wrong('--sv must be 6');
  if (!['1', '4', null].includes(flagValue(prompt, 'q|quality'))) throw wrong('--q must be 1 or 4');
}

/** The vendor's rules for follow-ups. @throws Refusal */
export function allowFollowUp(operation: Operation, parent: TobRecord): void {
  if (parent.model.startsWith('8') && NOT_ON_8.has(operation))
    throw new Refusal('Not_Support', `V8.1 does not support ${operation}`);
}
