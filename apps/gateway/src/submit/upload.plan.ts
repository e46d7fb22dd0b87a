import { parseBotType } from '#libs/wire';
import { readPictureArray } from './picture.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter } from './submit-terms.js';
import type { UploadDto } from './upload.dto.js';

const PICTURES = { least: 1, most: 10 };

/** What POST /mj/submit/upload-discord-images asks for. @throws MjError for too few, too many or bad pictures */
export async function planUpload(body: UploadDto): Promise<SubmitPlan> {
  const images = await readPictureArray(body.base64Array, PICTURES);
  return {
    action: 'UPLOAD',
    body,
    prompt: '',
    description: '/upload',
    parent: null,
    customId: '',
    repeatKey: null,
    command: ({ mode, isChosen }) => ({
      kind: 'upload',
      images,
      botType: parseBotType(body.botType),
      mode,
      modeIsChosen: isChosen,
      accountFilter: readAccountFilter(body),
    }),
  };
}
