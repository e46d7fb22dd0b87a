import { parseBotType } from '#libs/wire';
import { MjError } from '../http/mj-error.js';
import type { BlendDto } from './blend.dto.js';
import { readPictureArray } from './picture.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter } from './submit-terms.js';

const DIMENSIONS = ['PORTRAIT', 'SQUARE', 'LANDSCAPE'] as const;
const PICTURES = { least: 2, most: 5 };

/** What POST /mj/submit/blend asks for. @throws MjError for too few, too many or bad pictures, or unknown dimensions */
export async function planBlend(body: BlendDto): Promise<SubmitPlan> {
  const asked = body.dimensions?.trim().toUpperCase() ?? 'SQUARE';
  const dimensions = DIMENSIONS.find((word) => word === asked);
  if (dimensions === undefined) throw new MjError('dimensions_is_invalid', { properties: { field: 'dimensions' } });
  const images = await readPictureArray(body.base64Array, PICTURES);
  return {
    action: 'BLEND',
    body,
    prompt: '',
    description: '/blend',
    parent: null,
    customId: '',
    repeatKey: null,
    command: ({ mode, isChosen }) => ({
      kind: 'blend',
      images,
      dimensions,
      botType: parseBotType(body.botType),
      mode,
      modeIsChosen: isChosen,
      accountFilter: readAccountFilter(body),
    }),
  };
}
