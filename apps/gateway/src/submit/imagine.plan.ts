import { asksForVideo, parseBotType, withoutSpeed } from '#libs/wire';
import type { ImagineDto } from './imagine.dto.js';
import { readInlinePicture } from './inline-picture.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter, requirePrompt } from './submit-terms.js';

/** What POST /mj/submit/imagine asks for. @throws MjError for a missing prompt or a bad picture */
export async function planImagine(body: ImagineDto): Promise<SubmitPlan> {
  const prompt = requirePrompt(body.prompt);
  const given = [...(body.base64Array ?? []), ...(body.base64 === undefined ? [] : [body.base64])];
  // Some clients send an empty place where no picture was chosen.
  const chosen = given.filter((text) => text.trim() !== '');
  const images: string[] = [];
  for (const text of chosen) images.push(await readInlinePicture(text, 'base64Array'));
  return {
    action: asksForVideo(prompt) ? 'VIDEO' : 'IMAGINE',
    body,
    prompt,
    description: `/imagine ${prompt}`,
    parent: null,
    customId: '',
    repeatKey: null,
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
