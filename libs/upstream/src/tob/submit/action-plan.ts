import { parseCustomId, type CustomId } from '#libs/wire';
import type { SubmitCommand } from '../../port/command.js';
import { readSpelledId, type SpelledId } from '../../port/spelled-id.js';
import { withoutFlag } from '../../port/window-text.js';
import { filmText, flagValue, hasFlag, jobText, wordsOf, type TextTerms } from '../prompt/job-text.js';
import { isVersion8, versionFor, type VersionTerms } from '../prompt/prompt-model.js';
import { call, refuse, withoutNulls, type SubmitPlan } from './submit-plan.js';
import { videoTypeOf } from './video-plan.js';

export type ActionCommand = Extract<SubmitCommand, { kind: 'action' }>;
type Button = Extract<CustomId, { kind: 'button' }>;

const DIRECTIONS: Readonly<Record<string, number>> = { pan_down: 0, pan_right: 1, pan_up: 2, pan_left: 3 };
/** How far a pan goes: Midjourney's own step is not documented. */
const PAN_SCALE = 1.5;
const ZOOMS: Readonly<Record<string, number>> = { '50': 2, '75': 1.5 };
const LEAST_ZOOM = 1.1;
const MOST_ZOOM = 2;

/** A button of a task with all that its request needs. */
interface Press {
  command: ActionCommand;
  button: Button;
  /** The verb of the customId in lower case, and the number behind it. */
  verb: string;
  number: string;
  jobId: string;
  imageNo: number;
  videoNo: number;
  /** The text of a confirmed window with its version and speed; null: there was no window, or it was left empty. */
  remixPrompt: string | null;
  terms: TextTerms;
}

/** Whether a confirmed zoom is wider than the vendor goes, or none. */
export function hasWrongZoom({
  customId,
  confirmedPrompt,
}: Pick<ActionCommand, 'customId' | 'confirmedPrompt'>): boolean {
  const button = parseCustomId(customId);
  const isZoom = button.kind === 'button' && button.action === 'CUSTOM_ZOOM';
  return isZoom && confirmedPrompt !== undefined && zoomOf(confirmedPrompt) === null;
}

/** Why an action cannot be done here at all; null: it can. A zoom that is too wide, a square, or the unknown. */
export function lacksAction({ customId, confirmedPrompt }: ActionCommand): string | null {
  const button = parseCustomId(customId);
  if (button.kind !== 'button') return 'ACTION';
  const [verb = '', number = ''] = button.key.split('::');
  switch (button.action) {
    case 'ZOOM':
      return ZOOMS[number] === undefined ? button.action : null;
    case 'CUSTOM_ZOOM':
      return hasWrongZoom({ customId, confirmedPrompt }) ? button.action : null;
    case 'PAN':
      return DIRECTIONS[verb] === undefined ? button.action : null;
    case 'IMAGINE':
      return button.all ? button.action : null;
    case 'DESCRIBE':
    case 'ACTION':
      return button.action;
    default:
      return null;
  }
}

/** How a vendor does what a button stands for. Pure. */
export function actionPlan(command: ActionCommand, terms: TextTerms): SubmitPlan {
  const button = parseCustomId(command.customId);
  if (button.kind !== 'button' || lacksAction(command) !== null) return refuse('this button is not supported');
  return planOfPress(pressOf(command, button, readSpelledId(command.upstreamTaskId), terms));
}

function pressOf(command: ActionCommand, button: Button, id: SpelledId, terms: TextTerms): Press {
  const [verb = '', number = ''] = button.key.split('::');
  const confirmed = (command.confirmedPrompt ?? '').trim();
  const told = button.index ?? button.picture ?? 1;
  const remixPrompt = confirmed === '' ? null : jobText(confirmed, [], likeParent(command, terms));
  return {
    command,
    button,
    verb,
    number,
    jobId: id.jobId,
    imageNo: (id.picture ?? told) - 1,
    videoNo: (id.clip ?? id.picture ?? told) - 1,
    remixPrompt,
    terms,
  };
}

function planOfPress(press: Press): SubmitPlan {
  const { button, command, jobId, imageNo, videoNo, remixPrompt, verb, terms } = press;
  const picture = { jobId, imageNo };
  switch (button.action) {
    case 'VARIATION':
      return call('/variation', { ...picture, type: command.strong === false ? 0 : 1, remixPrompt });
    case 'LOW_VARIATION':
      return call('/variation', { ...picture, type: 0, remixPrompt });
    case 'HIGH_VARIATION':
      return call('/variation', { ...picture, type: 1, remixPrompt });
    case 'REROLL':
      return rerollPlan(press);
    case 'REMIX': {
      const text = remixPrompt ?? jobText(parentPrompt(command), [], terms);
      return call('/remix', { ...picture, remixPrompt: text, mode: /subtle/.test(verb) ? 1 : 0 });
    }
    case 'ZOOM':
      return call('/outpaint', { ...picture, scale: ZOOMS[press.number], remixPrompt });
    case 'CUSTOM_ZOOM':
      return customZoomPlan(press);
    case 'PAN':
      return call('/pan', { ...picture, direction: DIRECTIONS[verb], scale: PAN_SCALE, remixPrompt });
    case 'INPAINT':
      if (command.mask == null) return refuse('maskBase64 is required');
      return call('/inpaint', { ...picture, mask: { url: command.mask }, remixPrompt });
    case 'UPSCALE_HD':
      return upscalePlan(press);
    case 'ENHANCE':
      return call('/enhance', picture);
    case 'REMOVE_BACKGROUND':
      return {
        kind: 'after_read',
        jobId,
        request: (job) => {
          const imgUrl = job.pictures[imageNo] ?? null;
          return imgUrl === null ? null : { path: '/remove-background', body: { imgUrl } };
        },
      };
    case 'VIDEO':
      return animatePlan(press);
    case 'VIDEO_UPSCALE':
      // The vendor's own sample has a type, which its table of fields does not name.
      return call('/video-upscale', { jobId, videoNo, type: terms.profile.vendor === 'youchuan' ? 0 : null });
    case 'IMAGINE':
      return call('/diffusion', { text: jobText(command.confirmedPrompt || parentPrompt(command), [], terms) });
    default:
      return refuse('this button is not supported');
  }
}

/** A reroll with other words is a new diffusion of them: the vendor's route takes none. */
function rerollPlan({ command, jobId, remixPrompt }: Press): SubmitPlan {
  const isSame = (command.confirmedPrompt ?? '').trim() === parentPrompt(command).trim();
  return remixPrompt === null || isSame ? call('/reroll', { jobId }) : call('/diffusion', { text: remixPrompt });
}

function customZoomPlan({ command, jobId, imageNo, terms }: Press): SubmitPlan {
  const confirmed = command.confirmedPrompt || parentPrompt(command);
  const words = withoutFlag(confirmed, 'zoom');
  const remixPrompt = words === '' ? null : jobText(words, [], likeParent(command, terms));
  return call('/outpaint', { jobId, imageNo, scale: zoomOf(confirmed), remixPrompt });
}

/** The zoom that a confirmed prompt asks for, 2 unless it says otherwise; null: the vendor does not go so far. */
function zoomOf(prompt: string): number | null {
  const zoom = Number(flagValue(prompt, 'zoom') ?? MOST_ZOOM);
  return zoom >= LEAST_ZOOM && zoom <= MOST_ZOOM ? zoom : null;
}

/** Pictures of version 8 are not upscaled: the same job is done again in HD, with its seed. */
function upscalePlan({ command, jobId, imageNo, verb, terms }: Press): SubmitPlan {
  const prompt = parentPrompt(command);
  const type = /creative/.test(verb) ? 1 : /4x/.test(verb) ? 3 : /_v5_2x$/.test(verb) ? 2 : 0;
  if (!isVersion8(versionFor(prompt, terms))) return call('/upscale', { jobId, imageNo, type });
  const inHd = (seed: string | null): Record<string, unknown> => {
    const words = withoutFlag(withoutFlag(withoutFlag(prompt, 'hd'), 'sd'), 'seed');
    return withoutNulls({ text: jobText(`${words} --hd${seed === null ? '' : ` --seed ${seed}`}`, [], terms) });
  };
  const seed = command.parent?.seed ?? null;
  if (seed !== null) return call('/diffusion', inHd(seed));
  return { kind: 'after_read', jobId, request: (job) => ({ path: '/diffusion', body: inHd(job.seed) }) };
}

/** A film of a picture, or one that goes on. Without a window the vendor chooses what moves. */
function animatePlan({ command, jobId, imageNo, videoNo, terms }: Press): SubmitPlan {
  const words = command.customId.toLowerCase();
  const motion = /(?:^|[_:])(low|high)(?:[_:]|$)/.exec(words)?.[1];
  const isMore = words.includes('extend');
  const text = command.confirmedPrompt || (isMore ? wordsOf(parentPrompt(command)) : '');
  const flags = motion === undefined || hasFlag(text, 'motion') ? [] : [`--motion ${motion}`];
  const prompt = filmText(text, [], flags, terms);
  if (isMore) return call('/extend-video', { jobId, videoNo, prompt });
  return call('/video-diffusion', { jobId, imageNo, prompt, videoType: videoTypeOf(words) });
}

/** What follows a picture is drawn with its version, unless it names another. */
export function likeParent<T extends VersionTerms>(command: ActionCommand, terms: T): T {
  const defaultVersion = versionFor(parentPrompt(command), terms);
  return { ...terms, defaultVersion, botType: /^niji/i.test(defaultVersion) ? 'NIJI_JOURNEY' : 'MID_JOURNEY' };
}

export function parentPrompt({ parent }: ActionCommand): string {
  return parent?.prompt ?? '';
}
