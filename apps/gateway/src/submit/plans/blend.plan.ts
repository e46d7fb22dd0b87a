import type { EgressPolicy } from '#libs/net';
import { parseBotType } from '#libs/wire';
import { MjError } from '../../http/errors/mj-error.js';
import type { BlendDto } from '../dto/blend.dto.js';
import { chosen, readPictures } from '../pictures/picture.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter } from '../submit-terms.js';

const DIMENSIONS = ['PORTRAIT', 'SQUARE', 'LANDSCAPE'] as const;
const LEAST_PICTURES = 2;
const MOST_PICTURES = 5;

/** What POST /mj/submit/blend asks for. @throws MjError for too few, too many or bad pictures, or unknown dimensions */
export async function planBlend(body: BlendDto, egress: EgressPolicy): Promise<SubmitPlan> {
  const asked = body.dimensions?.trim().toUpperCase() ?? 'SQUARE';
  const dimensions = DIMENSIONS.find((word) => word === asked);
  if (dimensions === undefined) throw new MjError('dimensions_is_invalid', { properties: { field: 'dimensions' } });
  const given = chosen(body.base64Array);
  if (given.length < LEAST_PICTURES || given.length > MOST_PICTURES) {
    throw new MjError('base64_array_is_required', { properties: { field: 'base64Array' } });
  }
  const images = await readPictures(given, 'base64Array', egress);
  return {
    action: 'BLEND',
    body,
    botType: parseBotType(body.botType),
    accountFilter: readAccountFilter(body),
    prompt: '',
    description: '/blend',
    parent: null,
    customId: '',
    repeatKey: null,
    work: { kind: 'blend', images, dimensions },
  };
}
