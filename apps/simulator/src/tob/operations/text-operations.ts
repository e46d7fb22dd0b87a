import { shortenPrompt } from '../../submit/shorten-text.js';
import { newSeed } from '../../tasks/task-id.js';
import { type TobBody } from '../tob-body.js';
import { type Operations, type TobDraft, type TobTools } from '../tob-draft.js';

async function describe(body: TobBody, tools: TobTools): Promise<TobDraft> {
  const link = body.link('imgUrl');
  const input = await tools.inputs.fetch(link);
  const seed = newSeed();
  const found = await tools.describer.describe(input, seed, tools.area, false);
  const answer = { text: found.answer ?? '', prompts: found.options ?? [] };
  return { parent: null, text: link, model: tools.profile.model, seed, artwork: { kind: 'none' }, answer };
}

function shorten(body: TobBody, tools: TobTools): Promise<TobDraft> {
  const prompt = tools.read(body.text('prompt'));
  const { text, prompts } = shortenPrompt(prompt.full);
  const model = prompt.model ?? tools.profile.model;
  const answer = { text, prompts };
  return Promise.resolve({
    parent: null,
    text: prompt.raw,
    model,
    seed: newSeed(),
    artwork: { kind: 'none' },
    answer,
  });
}

/** What is answered with words. */
export const TEXT_OPERATIONS: Operations = { describe, shorten };
