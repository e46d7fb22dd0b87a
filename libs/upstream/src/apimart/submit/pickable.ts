import { parseCustomId } from '#libs/wire';
import type { SubmitCommand } from '../../port/command.js';
import { taskPartOf, type TaskPart } from '../task-part.js';

/** The picture of a task of the vendor that a U asks for; null: the command is no U. */
export function pickable(command: SubmitCommand): (TaskPart & { picture: number }) | null {
  if (command.kind !== 'change' && command.kind !== 'action') return null;
  const picture = command.kind === 'change' ? changed(command) : pressed(command.customId);
  const { taskId, picture: picked } = taskPartOf(command.upstreamTaskId);
  return picture === null || picked !== null ? null : { taskId, picture };
}

function changed({ action, index }: Extract<SubmitCommand, { kind: 'change' }>): number | null {
  return action === 'UPSCALE' ? index : null;
}

function pressed(customId: string): number | null {
  const button = parseCustomId(customId);
  return button.kind === 'button' && button.key.startsWith('upsample::') ? button.index : null;
}
