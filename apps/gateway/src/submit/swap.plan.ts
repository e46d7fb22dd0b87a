import type { Picture } from '#libs/upstream';
import { MjError } from '../http/mj-error.js';
import { readInlinePicture } from './inline-picture.js';
import { isBlank } from './picture.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter } from './submit-terms.js';
import type { SwapDto } from './swap.dto.js';

/** What POST /mj/insight-face/swap asks for. @throws MjError for a missing or bad picture */
export async function planSwap(body: SwapDto): Promise<SubmitPlan> {
  const given = { source: requirePicture(body, 'sourceBase64'), target: requirePicture(body, 'targetBase64') };
  const source = await readInlinePicture(given.source, 'sourceBase64');
  const target = await readInlinePicture(given.target, 'targetBase64');
  return {
    action: 'SWAP_FACE',
    body,
    prompt: '',
    description: '/swap',
    parent: null,
    customId: '',
    repeatKey: null,
    command: ({ mode, isChosen }) => ({
      kind: 'swap',
      source,
      target,
      botType: 'INSIGHT_FACE',
      mode,
      modeIsChosen: isChosen,
      accountFilter: readAccountFilter(body),
    }),
  };
}

function requirePicture(body: SwapDto, field: 'sourceBase64' | 'targetBase64'): Picture {
  const text = body[field] ?? '';
  if (isBlank(text)) throw new MjError('sour_base64_and_target_base64_is_required', { properties: { field } });
  return text;
}
