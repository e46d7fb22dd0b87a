import { parseCustomId, parseTaskId } from '#libs/wire';
import { MjError } from '../../http/errors/mj-error.js';
import type { ActionDto } from '../dto/action.dto.js';
import { planFollowUp } from './follow-up.plan.js';
import { inheritedPrompt } from './inherited-prompt.js';
import { finishedParent, requireTaskId, type FindParent, type FinishedTask } from './parent.js';
import type { GroupButton, SubmitPlan } from './submit-plan.js';

/**
 * What POST /mj/submit/action asks for: a button of a finished task. Where the two ids were mixed up they are exchanged,
 * and an id that a client made up stands for the parent's button of the same kind.
 * @throws MjError for missing fields, unknown buttons, and a parent that is unknown or not finished
 */
export async function planAction(body: ActionDto, findParent: FindParent): Promise<SubmitPlan> {
  const given = { taskId: body.taskId?.trim() ?? '', customId: body.customId?.trim() ?? '' };
  const isMixedUp = given.taskId.startsWith('MJ::') && parseTaskId(given.customId) !== null;
  const asked = isMixedUp ? { taskId: given.customId, customId: given.taskId } : given;
  const taskId = requireTaskId(asked.taskId);
  const { customId } = asked;
  if (customId === '') throw new MjError('custom_id_is_required', { properties: { field: 'customId' } });
  const button = parseCustomId(customId);
  switch (button.kind) {
    case 'unknown':
      throw new MjError('unknown_action', { properties: { field: 'customId' } });
    case 'bad_index':
      throw new MjError('index_parse_failed', { properties: { field: 'customId' } });
    case 'button':
      break;
  }
  const { action, index } = button;
  const parent = await finishedParent(taskId, findParent);
  const plan = planFollowUp({
    body,
    parent,
    action,
    index,
    order: { kind: 'button', customId },
    enableRemix: body.enableRemix ?? false,
    chooseSameChannel: body.chooseSameChannel ?? false,
    strong: body.strong,
  });
  return button.all ? { ...plan, group: numberedButtons(parent, customId) } : plan;
}

/** The described prompts that `PicReader::all` draws; a parent that shows none of them has one. */
function numberedButtons(parent: FinishedTask, all: string): [GroupButton, ...GroupButton[]] {
  const [first = all, ...others] = (parent.buttons ?? [])
    .map(({ customId }) => customId)
    .filter((customId) => /picreader::\d/i.test(customId));
  const toButton = (customId: string): GroupButton => ({ customId, prompt: inheritedPrompt(parent, customId) });
  return [toButton(first), ...others.map(toButton)];
}
