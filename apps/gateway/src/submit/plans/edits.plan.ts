import type { EgressPolicy } from '#libs/net';
import type { Picture } from '#libs/upstream';
import { parseBotType, promptToSend } from '#libs/wire';
import { MjError } from '../../http/errors/mj-error.js';
import { requirePrompt } from '../../http/request-body/required-prompt.js';
import type { EditsDto } from '../dto/edits.dto.js';
import { chosen, readPictureOrLink } from '../pictures/picture.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter } from '../submit-terms.js';

const ROUTES = {
  edits: { action: 'EDITS', line: '/edit' },
  retexture: { action: 'RETEXTURE', line: '/retexture' },
} as const;

/** What POST /mj/submit/edits or /retexture asks for. @throws MjError for a missing prompt, no picture or a bad one */
export async function planEdits(kind: keyof typeof ROUTES, body: EditsDto, egress: EgressPolicy): Promise<SubmitPlan> {
  const prompt = requirePrompt(body.prompt);
  const botType = parseBotType(body.botType);
  const images = await readPictures(body, egress);
  const { action, line } = ROUTES[kind];
  return {
    action,
    body,
    botType,
    accountFilter: readAccountFilter(body),
    prompt,
    description: `${line} ${prompt}`,
    parent: null,
    customId: '',
    repeatKey: null,
    typed: {
      text: body.prompt ?? '',
      lint: { botType, images: images.length, needsText: false },
    },
    work: { kind, prompt: promptToSend(prompt), images },
  };
}

async function readPictures({ image, base64Array }: EditsDto, egress: EgressPolicy): Promise<[Picture, ...Picture[]]> {
  const [single] = chosen(image === undefined ? [] : [image]);
  if (single !== undefined) return [await readPictureOrLink(single, 'image', egress)];
  const [first, ...others] = chosen(base64Array);
  if (first === undefined) throw new MjError('base64_array_is_required', { properties: { field: 'image' } });
  const pictures: [Picture, ...Picture[]] = [await readPictureOrLink(first, 'base64Array', egress)];
  for (const text of others) pictures.push(await readPictureOrLink(text, 'base64Array', egress));
  return pictures;
}
