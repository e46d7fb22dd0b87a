import type { EgressPolicy } from '#libs/net';
import { asksForVideo, jobsOf, parseBotType, promptToSend } from '#libs/wire';
import { requirePrompt } from '../../http/request-body/required-prompt.js';
import type { ImagineDto } from '../dto/imagine.dto.js';
import { chosen, readPictures } from '../pictures/picture.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter } from '../submit-terms.js';

/** What POST /mj/submit/imagine asks for. @throws MjError for a missing prompt or a bad picture */
export async function planImagine(body: ImagineDto, egress: EgressPolicy): Promise<SubmitPlan> {
  const prompt = requirePrompt(body.prompt);
  const botType = parseBotType(body.botType);
  const images = [
    ...(await readPictures(chosen(body.base64Array), 'base64Array', egress)),
    ...(await readPictures(chosen([body.base64 ?? '']), 'base64', egress)),
  ];
  const planOf = (text: string): SubmitPlan => ({
    action: asksForVideo(text) ? 'VIDEO' : 'IMAGINE',
    body,
    botType,
    accountFilter: readAccountFilter(body),
    prompt: text,
    description: `/imagine ${text}`,
    parent: null,
    customId: '',
    repeatKey: null,
    typed: {
      text: body.prompt ?? '',
      lint: { botType, images: images.length },
    },
    work: { kind: 'imagine', prompt: promptToSend(text), images },
  });
  const { count, prompts } = jobsOf(prompt);
  if (count === 1) return planOf(prompt);
  return { ...planOf(prompt), jobs: { count, plans: prompts.map((job) => planOf(requirePrompt(job))) } };
}
