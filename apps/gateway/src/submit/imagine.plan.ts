import type { Picture } from '#libs/upstream';
import { asksForVideo, parseBotType, withoutSpeed } from '#libs/wire';
import { requirePrompt } from '../http/required-prompt.js';
import type { ImagineDto } from './imagine.dto.js';
import { readInlinePicture } from './inline-picture.js';
import { chosen } from './picture.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter } from './submit-terms.js';

/** What POST /mj/submit/imagine asks for. @throws MjError for a missing prompt or a bad picture */
export async function planImagine(body: ImagineDto): Promise<SubmitPlan> {
  const prompt = requirePrompt(body.prompt);
  const images: Picture[] = [];
  for (const text of chosen(body.base64Array)) images.push(await readInlinePicture(text, 'base64Array'));
  for (const text of chosen([body.base64 ?? ''])) images.push(await readInlinePicture(text, 'base64'));
  return {
    action: asksForVideo(prompt) ? 'VIDEO' : 'IMAGINE',
    body,
    prompt,
    description: `/imagine ${prompt}`,
    parent: null,
    customId: '',
    repeatKey: null,
    typed: {
      text: body.prompt ?? '',
      lint: { botType: parseBotType(body.botType), images: images.length },
    },
    command: ({ mode, isChosen }) => ({
      kind: 'imagine',
      prompt: withoutSpeed(prompt),
      images,
      botType: parseBotType(body.botType),
      mode,
      modeIsChosen: isChosen,
      accountFilter: readAccountFilter(body),
    }),
  };
}
