import type { EgressPolicy } from '#libs/net';
import type { Picture } from '#libs/upstream';
import { parseBotType } from '#libs/wire';
import { MjError } from '../../http/errors/mj-error.js';
import type { DescribeDto } from '../dto/describe.dto.js';
import { readInlinePicture } from '../pictures/inline-picture.js';
import { chosen, isLink, readLink } from '../pictures/picture.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter } from '../submit-terms.js';

/** What POST /mj/submit/describe asks for. @throws MjError for no picture or a bad one */
export async function planDescribe(body: DescribeDto, egress: EgressPolicy): Promise<SubmitPlan> {
  const picture = await readGiven(body, egress);
  return {
    action: 'DESCRIBE',
    body,
    botType: parseBotType(body.botType),
    accountFilter: readAccountFilter(body),
    prompt: '',
    description: '/describe',
    parent: null,
    customId: '',
    repeatKey: null,
    work: { kind: 'describe', ...picture, language: body.language ?? null },
  };
}

async function readGiven(
  { base64, base64Array, link }: DescribeDto,
  egress: EgressPolicy,
): Promise<{ image: Picture | null; link: string | null }> {
  const fields = { base64: [base64 ?? ''], base64Array, link: [link ?? ''] };
  for (const [field, texts] of Object.entries(fields)) {
    const [first] = chosen(texts);
    if (first === undefined) continue;
    return isLink(first, field)
      ? { image: null, link: readLink(first, field, egress) }
      : { image: await readInlinePicture(first, field), link: null };
  }
  throw new MjError('base64_array_is_required', { properties: { field: 'base64' } });
}
