import type { TaskAction } from '#libs/wire';
import { inheritedPrompt } from './inherited-prompt.js';
import type { FinishedTask } from './parent.js';
import { toPress, type Order } from './press.js';
import type { SubmitBaseDto } from '../dto/submit-base.dto.js';
import type { SubmitPlan } from './submit-plan.js';

/** A button or change of a finished task, before the form that its upstream understands is chosen. */
export interface FollowUp {
  body: SubmitBaseDto;
  parent: FinishedTask;
  action: TaskAction;
  /** Which picture or prompt, from 1; null where there is none. */
  index: number | null;
  order: Order;
  enableRemix: boolean;
  chooseSameChannel: boolean;
  strong?: boolean;
}

/** The work of a press. An upscale of the same picture is the same work, whichever way it was asked for. */
export function planFollowUp(followUp: FollowUp): SubmitPlan {
  const { body, parent, action, index, order, enableRemix, chooseSameChannel, strong } = followUp;
  const press = toPress(order, parent.buttons ?? []);
  const { upstreamTaskId, botType } = parent;
  const customId = press.kind === 'button' ? press.customId : order.kind === 'button' ? order.customId : '';
  const prompt = inheritedPrompt(parent, customId);
  const parentTexts = { prompt, seed: parent.seed };
  return {
    action,
    body,
    botType,
    // A follow-up runs on the account of its parent, so an account filter does not apply.
    accountFilter: null,
    prompt,
    description: describe(parent.id, action, index),
    parent,
    customId,
    repeatKey: action === 'UPSCALE' ? `${parent.id}:UPSCALE:${index ?? 0}` : null,
    work:
      press.kind === 'change'
        ? { kind: 'change', ...press.change, upstreamTaskId, parent: parentTexts }
        : {
            kind: 'action',
            customId: press.customId,
            enableRemix,
            chooseSameChannel,
            strong,
            upstreamTaskId,
            parent: parentTexts,
          },
  };
}

/** The command line that midjourney-proxy shows for its three oldest buttons; the others have none. */
function describe(parentId: string, action: TaskAction, index: number | null): string {
  switch (action) {
    case 'UPSCALE':
      return `/up ${parentId} U${index ?? ''}`;
    case 'VARIATION':
      return `/up ${parentId} V${index ?? ''}`;
    case 'REROLL':
      return `/up ${parentId} R`;
    default:
      return `/action ${parentId} ${action}`;
  }
}
