import { asksForVideo, judgePrompt, parseCustomId, promptToSend, type CustomId } from '#libs/wire';
import type { Unsupported } from '../../port/capabilities.js';
import type { SubmitCommand } from '../../port/command.js';
import { promptLack } from '../../port/prompt-lack.js';
import { withoutFlag } from '../../port/window-text.js';
import type { KindTerms } from '../../port/upstream-kind.js';
import { modelWorkOf } from '../buttons/model-work.js';
import type { PictureWork } from '../job/tob-job.js';
import type { TobProfile } from '../profile.js';
import { leadingLinks, wordsOf, type TextTerms } from '../prompt/job-text.js';
import { versionFor } from '../prompt/prompt-model.js';
import { hasWrongZoom, lacksAction, likeParent, parentPrompt, type ActionCommand } from './action-plan.js';
import { termsOf } from './command-plan.js';

const LEAST_BLENDED = 2;
const MOST_BLENDED = 5;
/** The first version whose pictures get another texture. */
const FIRST_RETEXTURED = 6.1;
/** Work on a picture by what a button stands for. */
const WORK_OF_ACTION: ReadonlyMap<string, PictureWork> = new Map([
  ['VARIATION', 'variation'],
  ['LOW_VARIATION', 'variation'],
  ['HIGH_VARIATION', 'variation'],
  ['UPSCALE_HD', 'upscale'],
  ['ZOOM', 'outpaint'],
  ['CUSTOM_ZOOM', 'outpaint'],
  ['PAN', 'pan'],
  ['INPAINT', 'inpaint'],
  ['REMIX', 'remix'],
  ['ENHANCE', 'enhance'],
]);

/** Why a vendor cannot do a command; null: it can. Pure. */
export function unsupportedOf(profile: TobProfile, up: KindTerms, command: SubmitCommand): Unsupported | null {
  const terms = termsOf(profile, up, command);
  switch (command.kind) {
    case 'imagine': {
      const links = command.images.length + leadingLinks(command.prompt).length;
      return lackingStart(command.prompt, links) ?? promptLack(profile.vendor, up, command);
    }
    case 'blend': {
      const { length } = command.images;
      if (length < LEAST_BLENDED || length > MOST_BLENDED) return { what: 'pictures', name: String(length) };
      return promptLack(profile.vendor, up, command);
    }
    case 'describe':
    case 'shorten':
      return profile.hasTextWork ? null : { what: 'action', name: command.kind.toUpperCase() };
    case 'edits':
    case 'retexture':
      if (command.images.length > 1) return { what: 'pictures', name: String(command.images.length) };
      if (command.prompt.trim() === '') return { what: 'inputs', name: 'prompt' };
      return promptLack(profile.vendor, up, command) ?? lackingTexture(command, terms);
    case 'video': {
      const { prompt, image, extend } = command;
      const hasStart = extend !== null || image !== null || leadingLinks(prompt).length > 0;
      return hasStart ? promptLack(profile.vendor, up, command) : { what: 'inputs', name: 'image' };
    }
    case 'action':
      return lackingAction(command, terms);
    case 'modal':
      return { what: 'action', name: 'MODAL' };
    case 'swap':
      return { what: 'action', name: 'SWAP_FACE' };
    case 'change':
    case 'upload':
      return null;
  }
}

/** What the vendor lacks for the text of a follow-up. */
function judged(prompt: string, { vendor, defaultVersion, versions, botType, mode }: TextTerms): Unsupported | null {
  const verdict = judgePrompt(promptToSend(prompt), vendor, { defaultVersion, versions, botType, mode });
  return verdict.kind === 'ok' ? null : { what: verdict.what, name: verdict.name };
}

/** A film needs its first frame; one picture without words is no prompt. */
function lackingStart(prompt: string, links: number): Unsupported | null {
  if (asksForVideo(prompt)) return links === 0 ? { what: 'inputs', name: 'image' } : null;
  return wordsOf(prompt) === '' && links < LEAST_BLENDED ? { what: 'inputs', name: 'prompt' } : null;
}

function lackingTexture({ kind, prompt }: { kind: string; prompt: string }, terms: TextTerms): Unsupported | null {
  const version = versionFor(prompt, terms);
  const isBelow = Number(version.replace(/^niji\s+/i, '')) < FIRST_RETEXTURED;
  return kind === 'retexture' && isBelow ? { what: 'version', name: version } : null;
}

function lackingAction(command: ActionCommand, terms: TextTerms): Unsupported | null {
  if (hasWrongZoom(command)) return { what: 'inputs', name: 'prompt' };
  const lack = lacksAction(command);
  if (lack !== null) return { what: 'action', name: lack };
  const button = parseCustomId(command.customId);
  if (button.kind !== 'button') return { what: 'action', name: 'ACTION' };
  return lackingMask(command, button) ?? lackingOfModel(command, button, terms) ?? lackingText(command, button, terms);
}

function lackingMask({ confirmedPrompt, mask }: ActionCommand, { action }: Button): Unsupported | null {
  const isMissing = action === 'INPAINT' && confirmedPrompt !== undefined && mask == null;
  return isMissing ? { what: 'inputs', name: 'mask' } : null;
}

function lackingOfModel(command: ActionCommand, { action }: Button, terms: TextTerms): Unsupported | null {
  const work = WORK_OF_ACTION.get(action);
  // A vendor that tells what can be made of a job is asked: the table has what is known without one.
  if (work === undefined || (terms.vendor === 'legnext' && work !== 'enhance')) return null;
  const model = modelWorkOf(terms.vendor, versionFor(parentPrompt(command), terms));
  return model.work.has(work) ? null : { what: 'action', name: action };
}

/** The text of a confirmed window, or of a prompt that was found: other work has the text of its parent. */
function lackingText(command: ActionCommand, { action }: Button, terms: TextTerms): Unsupported | null {
  const confirmed = command.confirmedPrompt?.trim() ?? '';
  if (confirmed === '')
    return action === 'IMAGINE' && !opensWindow(command) ? judged(parentPrompt(command), terms) : null;
  const prompt = action === 'CUSTOM_ZOOM' ? withoutFlag(confirmed, 'zoom') : confirmed;
  // A film is told what moves in words; the flags of its picture are left out.
  return action === 'VIDEO' ? null : judged(prompt, likeParent(command, terms));
}

function opensWindow({ customId, confirmedPrompt }: ActionCommand): boolean {
  const button = parseCustomId(customId);
  return confirmedPrompt === undefined && button.kind === 'button' && button.window === 'always';
}

type Button = Extract<CustomId, { kind: 'button' }>;
