import { blendGrid, sceneGrid } from '../../submit/derive.js';
import { newSeed } from '../../tasks/task-id.js';
import { type TobBody } from '../tob-body.js';
import { type Operations, type TobDraft, type TobTools } from '../tob-draft.js';
import { hasFlag, judgeCommon } from '../tob-prompt.js';
import { Refusal } from '../tob-refusal.js';

const HD_AREA = 2048 * 2048;
const BLENDS: Readonly<Record<string, number>> = { '2:3': 2 / 3, '1:1': 1, '3:2': 3 / 2 };

async function diffusion(body: TobBody, tools: TobTools): Promise<TobDraft> {
  const { profile, inputs, area, faults } = tools;
  const prompt = tools.read(body.text('text'));
  judgeCommon(prompt);
  const given = await inputs.fetchAll(prompt.urls);
  await inputs.fetchAll(prompt.references);
  const seed = prompt.seed ?? newSeed();
  const side = hasFlag(prompt, 'hd') && !faults.has('small') ? HD_AREA : area;
  const { artwork } =
    prompt.words === ''
      ? blendGrid(given, prompt.aspect, seed, side)
      : sceneGrid(prompt.words, given, prompt.aspect, seed, side);
  const model = prompt.model ?? profile.model;
  return { parent: null, text: prompt.raw, model, seed, artwork, draft: hasFlag(prompt, 'draft') };
}

async function blend(body: TobBody, { profile, inputs, area }: TobTools): Promise<TobDraft> {
  const links = body.texts('imgUrls', 2, 5);
  const ratio = body.optional('aspect_ratio') || '1:1';
  const aspect = BLENDS[ratio];
  if (aspect === undefined) throw new Refusal('Invalid_Argument', 'aspect_ratio must be 2:3, 1:1 or 3:2');
  const seed = newSeed();
  const { artwork } = blendGrid(await inputs.fetchAll(links), aspect, seed, area);
  return { parent: null, text: `${links.join(' ')} --ar ${ratio}`, model: profile.model, seed, artwork };
}

/** What begins with words or links alone. */
export const ROOT_OPERATIONS: Operations = { diffusion, blend };
