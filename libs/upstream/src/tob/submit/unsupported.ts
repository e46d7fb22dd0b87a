import { asksForVideo, parseCustomId } from '#libs/wire';
import type { Unsupported } from '../../port/capabilities.js';
import type { SubmitCommand } from '../../port/command.js';
import { promptLack } from '../../port/prompt-lack.js';
import type { KindTerms } from '../../port/upstream-kind.js';
import { modelWorkOf } from '../buttons/model-work.js';
import type { PictureWork } from '../job/tob-job.js';
import { versionOf, type TobProfile } from '../profile.js';
import { leadingLinks, wordsOf } from '../prompt/job-text.js';
import { modelOf } from '../prompt/prompt-model.js';
import { lacksAction, type ActionCommand } from './action-plan.js';

const LEAST_BLENDED = 2;
const MOST_BLENDED = 5;
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
export function unsupportedOf(profile: TobProfile, terms: KindTerms, command: SubmitCommand): Unsupported | null {
  return (
    lackingWork(profile, command) ??
    lackingInput(profile, command) ??
    promptLack(profile.vendor, terms, command) ??
    lackingModel(profile, terms, command)
  );
}

function lackingWork({ hasTextWork }: TobProfile, command: SubmitCommand): Unsupported | null {
  switch (command.kind) {
    case 'swap':
      return { what: 'action', name: 'SWAP_FACE' };
    case 'describe':
      return hasTextWork ? null : { what: 'action', name: 'DESCRIBE' };
    case 'shorten':
      return hasTextWork ? null : { what: 'action', name: 'SHORTEN' };
    case 'modal':
      return { what: 'action', name: 'MODAL' };
    case 'action': {
      const name = lacksAction(command);
      return name === null ? null : { what: 'action', name };
    }
    default:
      return null;
  }
}

function lackingInput(_profile: TobProfile, command: SubmitCommand): Unsupported | null {
  switch (command.kind) {
    case 'imagine': {
      const { prompt, images } = command;
      const isLess = asksForVideo(prompt) && images.length + leadingLinks(prompt).length === 0;
      return isLess
        ? { what: 'inputs', name: 'image' }
        : needsWords(prompt, images.length + leadingLinks(prompt).length);
    }
    case 'blend': {
      const { length } = command.images;
      return length < LEAST_BLENDED || length > MOST_BLENDED ? { what: 'pictures', name: String(length) } : null;
    }
    case 'edits':
    case 'retexture':
      return command.images.length > 1 ? { what: 'pictures', name: String(command.images.length) } : null;
    case 'video': {
      const isRooted = command.extend !== null || command.image !== null || leadingLinks(command.prompt).length > 0;
      return isRooted ? null : { what: 'inputs', name: 'image' };
    }
    case 'action':
      return lackingMask(command);
    default:
      return null;
  }
}

/** One picture without words is no prompt. */
function needsWords(prompt: string, links: number): Unsupported | null {
  return wordsOf(prompt) === '' && links < LEAST_BLENDED ? { what: 'inputs', name: 'prompt' } : null;
}

function lackingMask({ customId, confirmedPrompt, mask }: ActionCommand): Unsupported | null {
  const button = parseCustomId(customId);
  const isRegion = button.kind === 'button' && button.action === 'INPAINT' && confirmedPrompt !== undefined;
  return isRegion && mask == null ? { what: 'inputs', name: 'mask' } : null;
}

function lackingModel(profile: TobProfile, terms: KindTerms, command: SubmitCommand): Unsupported | null {
  const version = versionOfCommand(profile, terms, command);
  if (terms.modelVersions !== null && version !== null && !terms.modelVersions.includes(version)) {
    return { what: 'version', name: version };
  }
  const model = modelWorkOf(profile.vendor, version ?? versionOf(profile, terms));
  if (command.mode === 'TURBO' && !model.turbo && startsAnew(command)) return { what: 'mode', name: 'TURBO' };
  if (command.kind !== 'action') return null;
  const button = parseCustomId(command.customId);
  const work = button.kind === 'button' ? WORK_OF_ACTION.get(button.action) : undefined;
  if (work === undefined || button.kind !== 'button') return null;
  // The vendor that says what a job has is asked: its table is what is known without a job.
  if (profile.vendor === 'legnext' && work !== 'enhance') return null;
  return model.work.has(work) ? null : { what: 'action', name: button.action };
}

/** The version that a command's work is done with; null: it makes no picture of a version. */
function versionOfCommand(profile: TobProfile, terms: KindTerms, command: SubmitCommand): string | null {
  switch (command.kind) {
    case 'imagine':
    case 'edits':
    case 'retexture':
      return modelOf(command.prompt) ?? versionOf(profile, terms, command.botType);
    case 'blend':
      return versionOf(profile, terms, command.botType);
    case 'action':
      return modelOf(command.parent?.prompt ?? '') ?? versionOf(profile, terms, command.botType);
    default:
      return null;
  }
}

function startsAnew({ kind }: SubmitCommand): boolean {
  return kind === 'imagine' || kind === 'blend' || kind === 'edits' || kind === 'retexture';
}
