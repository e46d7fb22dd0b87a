import { parseCustomId, type CustomId } from '#libs/wire';
import type { SubmitCommand } from '../../port/command.js';
import type { KindTerms } from '../../port/upstream-kind.js';
import { customIdToSend } from '../task-ids.js';
import { promptText } from './prompt-text.js';
import type { ApimartWork } from './submit-request.js';

type Pressed = Extract<SubmitCommand, { kind: 'action' }>;
type Button = Extract<CustomId, { kind: 'button' }>;

/** How far the outpaint buttons zoom out. The third one makes the picture square, for which there is no ratio. */
const ZOOM_RATIOS: Readonly<Record<string, number>> = { '50': 2, '75': 1.5 };
const DIRECTIONS = /^pan_(left|right|up|down)$/;

/** The work of a pressed button; null where the vendor has no route for it. Its `custom_id` wins over the other fields. */
export function buttonWork(terms: KindTerms, command: Pressed): ApimartWork | null {
  const button = parseCustomId(command.customId);
  if (button.kind !== 'button' || button.all) return null;
  const words = wordsOf(command.customId);
  const [verb = '', argument = ''] = words;
  const { index, picture } = button;
  const custom_id = customIdToSend(command.customId, command.upstreamTaskId);
  const pressed = (route: string, fields: Record<string, unknown> = {}): ApimartWork => ({
    route,
    body: { task_id: command.upstreamTaskId, ...fields, custom_id },
  });
  const byIdOnly = (route: string): ApimartWork | null => (custom_id === null ? null : pressed(route));
  switch (button.action) {
    case 'UPSCALE':
      return verb === 'upsample' ? pressed('/upscale', { index }) : byIdOnly('/upscale');
    case 'UPSCALE_HD':
      return byIdOnly('/upscale');
    case 'VARIATION': {
      if (command.strong !== false) return pressed('/variation', { index });
      // Its custom_id would bring back the strong one.
      return { route: '/low-variation', body: { task_id: command.upstreamTaskId, index } };
    }
    case 'LOW_VARIATION':
      return pressed('/low-variation', { index: picture });
    case 'HIGH_VARIATION':
      return pressed('/high-variation', { index: picture });
    case 'REROLL':
      return pressed('/reroll');
    case 'ZOOM': {
      const zoom_ratio = ZOOM_RATIOS[argument];
      return zoom_ratio === undefined ? byIdOnly('/zoom') : pressed('/zoom', { zoom_ratio });
    }
    case 'CUSTOM_ZOOM':
      return byIdOnly('/zoom');
    case 'PAN': {
      const direction = DIRECTIONS.exec(verb)?.[1];
      return direction === undefined ? byIdOnly('/pan') : pressed('/pan', { direction, index: picture });
    }
    case 'INPAINT':
      return pressed('/inpaint');
    case 'REMIX':
      return remixWork(verb, picture, command);
    case 'VIDEO':
      return animationWork(button, words, command);
    case 'IMAGINE': {
      const prompt = command.confirmedPrompt ?? command.parent?.prompt ?? '';
      return prompt === '' ? null : { route: '', body: { prompt: promptText(terms, prompt, command) } };
    }
    default:
      return null;
  }
}

function remixWork(verb: string, picture: number | null, command: Pressed): ApimartWork {
  const { upstreamTaskId: task_id, confirmedPrompt = '' } = command;
  const route = /subtle|low/.test(verb) ? '/remix-subtle' : '/remix-strong';
  return { route, body: { task_id, index: picture ?? 1, prompt: confirmedPrompt === '' ? null : confirmedPrompt } };
}

/** A video of a picture of a task: the one route that counts pictures from 0. Null where it would go on from a clip. */
function animationWork({ picture }: Button, words: readonly string[], command: Pressed): ApimartWork | null {
  if (words.some((word) => word.includes('extend'))) return null;
  const { upstreamTaskId: task_id, confirmedPrompt = '' } = command;
  const motion = words.some((word) => word === 'low' || word === 'animate_low') ? 'low' : 'high';
  const own = confirmedPrompt === '' ? { animate_mode: 'auto' } : { animate_mode: 'manual', prompt: confirmedPrompt };
  return { route: '/video', body: { task_id, index: (picture ?? 1) - 1, motion, ...own } };
}

/** The parts of a customId from its verb, in lower case. */
function wordsOf(customId: string): string[] {
  const parts = customId.toLowerCase().split('::');
  return parts.slice(parts[1] === 'job' ? 2 : 1);
}
