import type { Task } from '#libs/tracking';
import { parseCustomId } from '#libs/wire';
import { MjError } from '../../http/errors/mj-error.js';
import type { ChangeDto, SimpleChangeDto } from '../dto/change.dto.js';
import { planFollowUp } from './follow-up.plan.js';
import { finishedParent, requireTaskId, type FindParent, type FinishedTask } from './parent.js';
import type { Change } from './press.js';
import { parseSimpleChange } from './simple-change.js';
import type { SubmitBaseDto } from '../dto/submit-base.dto.js';
import type { SubmitPlan } from './submit-plan.js';

const USUAL_PICTURES = 4;

/** What POST /mj/submit/change asks for. @throws MjError for missing or wrong fields, and a parent that cannot be changed */
export async function planChange(body: ChangeDto, findParent: FindParent): Promise<SubmitPlan> {
  const taskId = requireTaskId(body.taskId);
  const change = readChange(body);
  const parent = await findParent(taskId);
  if (!isShown(change, parent)) throw new MjError('index_is_required', { properties: { field: 'index' } });
  return plan(body, change, await finishedParent(taskId, () => Promise.resolve(parent)));
}

/** The same in one line, for chat bots: POST /mj/submit/simple-change. @throws MjError like {@link planChange} */
export async function planSimpleChange(body: SimpleChangeDto, findParent: FindParent): Promise<SubmitPlan> {
  const content = body.content?.trim() ?? '';
  if (content === '') throw new MjError('content_is_required', { properties: { field: 'content' } });
  const parsed = parseSimpleChange(content);
  const parent = parsed === null ? null : await findParent(parsed.taskId);
  if (parsed === null || !isShown(parsed.change, parent)) {
    throw new MjError('content_parse_failed', { properties: { field: 'content' } });
  }
  return plan(body, parsed.change, await finishedParent(parsed.taskId, () => Promise.resolve(parent), 'content'));
}

function readChange(body: ChangeDto): Change {
  const action = body.action?.trim().toUpperCase() ?? '';
  if (action === '') throw new MjError('action_is_required', { properties: { field: 'action' } });
  if (action === 'REROLL') return { action, index: null };
  if (action !== 'UPSCALE' && action !== 'VARIATION') {
    throw new MjError('unknown_action', { properties: { field: 'action' } });
  }
  const index = body.index?.trim() ?? '';
  if (!/^[1-9]\d?$/.test(index)) throw new MjError('index_is_required', { properties: { field: 'index' } });
  return { action, index: Number(index) };
}

/** Whether there is such a picture: every grid has four, and more where its buttons say so, but none that was withheld. */
function isShown({ action, index }: Change, parent: Task | null): boolean {
  if (index === null) return true;
  if (parent?.withheld?.includes(index) === true) return false;
  if (index <= USUAL_PICTURES) return true;
  return (parent?.buttons ?? []).some(({ customId }) => {
    const button = parseCustomId(customId);
    return button.kind === 'button' && button.action === action && button.index === index;
  });
}

function plan(body: SubmitBaseDto, change: Change, parent: FinishedTask): SubmitPlan {
  return planFollowUp({
    body,
    parent,
    ...change,
    order: { kind: 'change', change },
    enableRemix: false,
    chooseSameChannel: false,
  });
}
