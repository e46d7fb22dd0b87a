import type { EgressPolicy } from '#libs/net';
import type { Picture } from '#libs/upstream';
import { parseBotType } from '#libs/wire';
import { MjError } from '../http/mj-error.js';
import type { DescribeDto } from './describe.dto.js';
import { readInlinePicture } from './inline-picture.js';
import { chosen, readLink } from './picture.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter } from './submit-terms.js';

/** What POST /mj/submit/describe asks for. @throws MjError for no picture or a bad one */
export async function planDescribe(body: DescribeDto, egress: EgressPolicy): Promise<SubmitPlan> {
  const picture = await readGiven(body, egress);
  return {
    action: 'DESCRIBE',
    body,
    prompt: '',
    description: '/describe',
    parent: null,
    customId: '',
    repeatKey: null,
    command: ({ mode, isChosen }) => ({
      kind: 'describe',
      ...picture,
      language: body.language ?? null,
      botType: parseBotType(body.botType),
      mode,
      modeIsChosen: isChosen,
      accountFilter: readAccountFilter(body),
    }),
  };
}

async function readGiven(
  { base64, base64Array, link }: DescribeDto,
  egress: EgressPolicy,
): Promise<{ image: Picture | null; link: string | null }> {
  const [single] = chosen(base64 === undefined ? [] : [base64]);
  if (single !== undefined) return { image: await readInlinePicture(single, 'base64'), link: null };
  const [first] = chosen(base64Array);
  if (first !== undefined) return { image: await readInlinePicture(first, 'base64Array'), link: null };
  if (link === undefined) throw new MjError('base64_array_is_required', { properties: { field: 'base64' } });
  return { image: null, link: readLink(link, 'link', egress) };
}
