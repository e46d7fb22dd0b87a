import { parseCustomId, promptToSend } from '#libs/wire';
import type { SubmitCommand } from '../../port/command.js';
import type { KindTerms } from '../../port/upstream-kind.js';
import { customIdToSend } from '../task-ids.js';
import { taskPartOf } from '../task-part.js';
import { isRemixable } from './gateway-window.js';
import { promptFields } from './prompt-fields.js';
import type { ApimartWork } from './submit-request.js';

type Pressed = Extract<SubmitCommand, { kind: 'action' }>;

/** How far the outpaint buttons zoom out. The third one makes the picture square, for which there is no ratio. */
const ZOOM_RATIOS: Readonly<Record<string, number>> = { '50': 2, '75': 1.5 };
const DIRECTIONS = /^pan_(left|right|up|down)$/;

/** The work of a pressed button; null where the vendor has no route for it. Its `custom_id` wins over the other fields. */
export function buttonWork(terms: KindTerms, command: Pressed): ApimartWork | null {
  const button = parseCustomId(command.customId);
  if (button.kind !== 'button' || button.all) return null;
  const words = wordsOf(command.customId);
  const [verb = '', argument = ''] = words;
  const { taskId: task_id, picture: picked } = taskPartOf(command.upstreamTaskId);
  // The buttons of a picture that the gateway picked are the gateway's own.
  const custom_id = picked === null ? customIdToSend(command.customId, task_id) : null;
  const index = picked ?? button.index ?? button.picture;
  const pressed = (route: string, fields: Record<string, unknown> = {}): ApimartWork => ({
    route,
    body: { task_id, ...fields, custom_id },
  });
  const byIdOnly = (route: string, fields = {}): ApimartWork | null =>
    custom_id === null ? null : pressed(route, fields);
  const text = newText(command);
  switch (button.action) {
    case 'UPSCALE':
      if (picked !== null) return null;
      return verb === 'upsample' ? pressed('/upscale', { index }) : byIdOnly('/upscale');
    case 'UPSCALE_HD':
      return byIdOnly('/upscale');
    case 'VARIATION':
    case 'LOW_VARIATION':
    case 'HIGH_VARIATION': {
      const isSubtle = button.action === 'LOW_VARIATION' || command.strong === false;
      if (text !== null && isRemixable(terms, command)) {
        return {
          route: isSubtle ? '/remix-subtle' : '/remix-strong',
          body: { task_id, index: index ?? 1, prompt: text },
        };
      }
      if (button.action !== 'VARIATION') return pressed(isSubtle ? '/low-variation' : '/high-variation', { index });
      // Its custom_id would bring back the strong one.
      return isSubtle ? { route: '/low-variation', body: { task_id, index } } : pressed('/variation', { index });
    }
    case 'REROLL':
      return text === null ? pressed('/reroll') : { route: '', body: { ...promptFields(terms, text, command) } };
    case 'ZOOM': {
      const zoom_ratio = ZOOM_RATIOS[argument];
      return zoom_ratio === undefined ? byIdOnly('/zoom') : pressed('/zoom', { zoom_ratio, index: picked });
    }
    case 'CUSTOM_ZOOM':
      return byIdOnly('/zoom');
    case 'PAN': {
      const direction = DIRECTIONS.exec(verb)?.[1];
      return direction === undefined ? byIdOnly('/pan') : pressed('/pan', { direction, index });
    }
    case 'INPAINT':
      return pressed('/inpaint', { index: picked });
    case 'REMIX': {
      const route = /subtle|low/.test(verb) ? '/remix-subtle' : '/remix-strong';
      return { route, body: { task_id, index: index ?? 1, prompt: command.confirmedPrompt } };
    }
    case 'VIDEO':
      return animationWork({ task_id, index: index ?? 1 }, words, command);
    case 'IMAGINE': {
      const prompt = command.confirmedPrompt ?? command.parent?.prompt ?? '';
      return prompt === '' ? null : { route: '', body: { ...promptFields(terms, prompt, command) } };
    }
    default:
      return null;
  }
}

/** The text that a client put into a window in place of the parent's; null: it left it as it was, or there was no window. */
function newText({ confirmedPrompt = '', parent }: Pressed): string | null {
  const text = promptToSend(confirmedPrompt);
  return text === '' || text === promptToSend(parent?.prompt ?? '') ? null : text;
}

/** A video of a picture of a task: the one route that counts pictures from 0. Null where it would go on from a clip. */
function animationWork(
  { task_id, index }: { task_id: string; index: number },
  words: readonly string[],
  { confirmedPrompt }: Pressed,
): ApimartWork | null {
  if (words.some((word) => word.includes('extend'))) return null;
  const motion = words.some((word) => word === 'low' || word === 'animate_low') ? 'low' : 'high';
  const prompt = promptToSend(confirmedPrompt ?? '');
  const own = prompt === '' ? { animate_mode: 'auto' } : { animate_mode: 'manual', prompt };
  return { route: '/video', body: { task_id, index: index - 1, motion, ...own } };
}

/** The parts of a customId from its verb, in lower case. */
function wordsOf(customId: string): string[] {
  const parts = customId.toLowerCase().split('::');
  return parts.slice(parts[1] === 'job' ? 2 : 1);
}
