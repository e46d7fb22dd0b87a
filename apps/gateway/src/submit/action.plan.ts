import type { Task } from '#libs/tracking';
import { parseCustomId, parseTaskId, resolveCustomId } from '#libs/wire';
import { MjError } from '../http/mj-error.js';
import type { ActionDto } from './action.dto.js';
import type { SubmitPlan } from './submit-plan.js';

/** Finds a task of the caller; null when there is none of that id. */
export type FindParent = (taskId: string) => Promise<Task | null>;

/**
 * What POST /mj/submit/action asks for: a button of a finished task. Where the two ids were mixed up they are exchanged,
 * and an id that a client made up stands for the parent's button of the same kind.
 * @throws MjError for missing fields, unknown buttons, and a parent that is unknown or not finished
 */
export async function planAction(body: ActionDto, findParent: FindParent): Promise<SubmitPlan> {
  const given = { taskId: body.taskId?.trim() ?? '', customId: body.customId?.trim() ?? '' };
  const isMixedUp = given.taskId.startsWith('MJ::') && parseTaskId(given.customId) !== null;
  const { taskId, customId: asked } = isMixedUp ? { taskId: given.customId, customId: given.taskId } : given;
  if (taskId === '') throw new MjError('task_id_is_required', { properties: { field: 'taskId' } });
  if (asked === '') throw new MjError('custom_id_is_required', { properties: { field: 'customId' } });
  const button = parseCustomId(asked);
  switch (button.kind) {
    case 'unknown':
      throw new MjError('unknown_action', { properties: { field: 'customId' } });
    case 'bad_index':
      throw new MjError('index_parse_failed', { properties: { field: 'customId' } });
    case 'button':
      break;
  }
  const parent = await findParent(taskId);
  if (parent?.upstreamTaskId == null) throw new MjError('task_not_found', { properties: { field: 'taskId' } });
  if (parent.status !== 'SUCCESS') throw new MjError('task_status_not_success', { properties: { field: 'taskId' } });
  const customId = resolveCustomId(asked, parent.buttons ?? []);
  const upstreamTaskId = parent.upstreamTaskId;
  return {
    action: button.action,
    body,
    prompt: parent.prompt,
    description: describe(parent, button.action, button.index),
    parent,
    customId,
    repeatKey: button.action === 'UPSCALE' ? `${parent.id}:UPSCALE:${button.index ?? 0}` : null,
    command: ({ mode, isChosen }) => ({
      kind: 'action',
      upstreamTaskId,
      customId,
      enableRemix: body.enableRemix ?? false,
      chooseSameChannel: body.chooseSameChannel ?? false,
      botType: parent.botType,
      mode,
      modeIsChosen: isChosen,
      accountFilter: null,
    }),
  };
}

/** The command line that midjourney-proxy shows for its three oldest buttons; the others have none. */
function describe(parent: Task, action: string, index: number | null): string {
  switch (action) {
    case 'UPSCALE':
      return `/up ${parent.id} U${index ?? ''}`;
    case 'VARIATION':
      return `/up ${parent.id} V${index ?? ''}`;
    case 'REROLL':
      return `/up ${parent.id} R`;
    default:
      return `/action ${parent.id} ${action}`;
  }
}
