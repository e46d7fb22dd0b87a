import type { EgressPolicy } from '#libs/net';
import type { Picture } from '#libs/upstream';
import { MjError } from '../../http/errors/mj-error.js';
import { chosen, readPicture } from '../pictures/picture.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter } from '../submit-terms.js';
import type { SwapDto } from '../dto/swap.dto.js';

/** Where each of the two may come; the first that is given counts. */
const FIELDS = {
  source: ['sourceBase64', 'source', 'sourceUrl'],
  target: ['targetBase64', 'target', 'targetUrl'],
} as const satisfies Record<string, readonly (keyof SwapDto)[]>;

/** What POST /mj/insight-face/swap asks for. @throws MjError for a missing or bad picture */
export async function planSwap(body: SwapDto, egress: EgressPolicy): Promise<SubmitPlan> {
  const given = { source: requirePicture(body, 'source'), target: requirePicture(body, 'target') };
  const source = await readPicture(given.source.text, given.source.field, egress);
  const target = await readPicture(given.target.text, given.target.field, egress);
  return {
    action: 'SWAP_FACE',
    body,
    botType: 'INSIGHT_FACE',
    accountFilter: readAccountFilter(body),
    prompt: '',
    description: '/swap',
    parent: null,
    customId: '',
    repeatKey: null,
    work: { kind: 'swap', source, target },
  };
}

interface Given {
  field: (typeof FIELDS)[keyof typeof FIELDS][number];
  text: Picture;
}

function requirePicture(body: SwapDto, which: keyof typeof FIELDS): Given {
  for (const field of FIELDS[which]) {
    const [text] = chosen([body[field] ?? '']);
    if (text !== undefined) return { field, text };
  }
  const [field] = FIELDS[which];
  throw new MjError('sour_base64_and_target_base64_is_required', { properties: { field } });
}
