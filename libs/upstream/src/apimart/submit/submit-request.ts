import type { SubmitCommand, SubmitContext } from '../../port/command.js';
import type { KindTerms } from '../../port/upstream-kind.js';
import { taskPartOf } from '../task-part.js';
import { buttonWork } from './button-work.js';
import { filmOfPrompt, isFilm, withFieldsOfPrompt } from './film-prompt.js';
import { blendWork, videoWork } from './picture-work.js';
import { promptFields } from './prompt-fields.js';

/** A request below `/v1/midjourney/generations`, without the terms that all work has. */
export interface ApimartWork {
  /** '' for imagine, else a slash and a name. */
  route: string;
  body: Record<string, unknown>;
}

const PATH = '/v1/midjourney/generations';

/**
 * The request of a command: path below the base URL and JSON body; null where the vendor has no route for it. Its speed is
 * the mode that is billed. `metadata` holds the correlation id: the vendor takes it, whether it ever gives it back or not.
 */
export function toSubmitRequest(
  terms: KindTerms,
  command: SubmitCommand,
  context: SubmitContext,
): { path: string; body: Record<string, unknown> } | null {
  const work = workOf(terms, command);
  if (work === null) return null;
  const body = { ...work.body, speed: command.mode.toLowerCase(), metadata: { state: context.state } };
  return { path: PATH + work.route, body: withoutNothing(body) };
}

/** The work of a command; null where the vendor has no route for it. */
export function workOf(terms: KindTerms, command: SubmitCommand): ApimartWork | null {
  switch (command.kind) {
    case 'imagine': {
      if (isFilm(command)) return videoWork(filmOfPrompt(command));
      const { images, prompt } = command;
      const image_urls = images.length > 0 ? images : null;
      return { route: '', body: { ...promptFields(terms, prompt, command), image_urls } };
    }
    case 'blend':
      return blendWork(terms, command);
    case 'describe':
      return { route: '/describe', body: { image_urls: [command.image ?? command.link] } };
    case 'edits':
      return {
        route: '/edits',
        body: { ...promptFields(terms, command.prompt, command), image_urls: command.images },
      };
    case 'change':
      return changeWork(command);
    case 'action':
      return buttonWork(terms, command);
    case 'modal': {
      const { upstreamTaskId, prompt, mask } = command;
      const { taskId: task_id } = taskPartOf(upstreamTaskId);
      return { route: '/modal', body: { task_id, prompt, mask_url: mask } };
    }
    case 'video':
      return videoWork(withFieldsOfPrompt(command));
    case 'shorten':
    case 'retexture':
    case 'swap':
    case 'upload':
      return null;
  }
}

function changeWork({ upstreamTaskId, action, index }: Extract<SubmitCommand, { kind: 'change' }>): ApimartWork | null {
  const { taskId: task_id, picture: picked } = taskPartOf(upstreamTaskId);
  switch (action) {
    case 'UPSCALE':
      return picked === null ? { route: '/upscale', body: { task_id, index } } : null;
    case 'VARIATION':
      return picked === null
        ? { route: '/variation', body: { task_id, index } }
        : { route: '/high-variation', body: { task_id, index: picked } };
    case 'REROLL':
      return { route: '/reroll', body: { task_id } };
  }
}

/** Removes fields without a value: the vendor's rules for an explicit null are not known. */
function withoutNothing(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));
}
