import type { EgressPolicy } from '#libs/net';
import type { Task } from '#libs/tracking';
import { promptToSend } from '#libs/wire';
import type { ModalDto } from '../dto/modal.dto.js';
import { chosen, readPicture, type GivenPicture } from '../pictures/picture.js';
import type { PlannedWork } from '../pictures/planned-work.js';
import { inheritedPrompt } from './inherited-prompt.js';
import { requireTaskId } from './parent.js';

/** What POST /mj/submit/modal confirms, and what its client put into it. */
export interface ModalPlan {
  /** As it was written. */
  taskId: string;
  /** As it was typed; '' for none. */
  prompt: string;
  mask: GivenPicture | null;
}

/** @throws MjError for a missing id or a bad mask */
export async function planModal(
  { taskId, prompt = '', maskBase64, mask }: ModalDto,
  egress: EgressPolicy,
): Promise<ModalPlan> {
  return { taskId: requireTaskId(taskId), prompt, mask: await readMask({ maskBase64, mask }, egress) };
}

/**
 * What the upstream of a modal is asked to do once it is confirmed. An upstream that does not know the modal is sent the
 * press of the parent's button, with what the client typed.
 */
export function workOf(
  { upstreamTaskId, customId }: Task,
  { prompt, mask, parent }: { prompt: string; mask: GivenPicture | null; parent: Task | null },
): PlannedWork {
  const typed = promptToSend(prompt);
  if (upstreamTaskId !== null) return { kind: 'modal', upstreamTaskId, prompt: typed, mask };
  return {
    kind: 'action',
    upstreamTaskId: parent?.upstreamTaskId ?? '',
    customId,
    enableRemix: true,
    chooseSameChannel: true,
    parent: { prompt: parent === null ? '' : inheritedPrompt(parent, customId), seed: parent?.seed ?? null },
    confirmedPrompt: typed,
    mask,
  };
}

async function readMask(
  fields: Pick<ModalDto, 'maskBase64' | 'mask'>,
  egress: EgressPolicy,
): Promise<GivenPicture | null> {
  for (const [field, text] of Object.entries(fields)) {
    const [picture] = chosen([text ?? '']);
    if (picture !== undefined) return readPicture(picture, field, egress);
  }
  return null;
}
