import type { EgressPolicy } from '#libs/net';
import { parseBotType } from '#libs/wire';
import { MjError } from '../../http/errors/mj-error.js';
import { chosen, readPictures } from '../pictures/picture.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter } from '../submit-terms.js';
import type { UploadDto } from '../dto/upload.dto.js';

const MOST_PICTURES = 10;

/** What POST /mj/submit/upload-discord-images asks for. @throws MjError for too few, too many or bad pictures */
export async function planUpload(body: UploadDto, egress: EgressPolicy): Promise<SubmitPlan> {
  const given = { base64Array: chosen(body.base64Array), base64: chosen([body.base64 ?? '']) };
  const count = given.base64Array.length + given.base64.length;
  if (count < 1 || count > MOST_PICTURES) {
    throw new MjError('base64_array_is_required', { properties: { field: 'base64Array' } });
  }
  const images = [
    ...(await readPictures(given.base64Array, 'base64Array', egress)),
    ...(await readPictures(given.base64, 'base64', egress)),
  ];
  return {
    action: 'UPLOAD',
    body,
    botType: parseBotType(body.botType),
    accountFilter: readAccountFilter(body),
    prompt: '',
    description: '/upload',
    parent: null,
    customId: '',
    repeatKey: null,
    work: { kind: 'upload', images },
  };
}
