import { parseBotType, promptToSend } from '#libs/wire';
import { requirePrompt } from '../../http/request-body/required-prompt.js';
import type { ShortenDto } from '../dto/shorten.dto.js';
import type { SubmitPlan } from './submit-plan.js';
import { readAccountFilter } from '../submit-terms.js';

/** What POST /mj/submit/shorten asks for. @throws MjError for a missing prompt */
export function planShorten(body: ShortenDto): SubmitPlan {
  const prompt = requirePrompt(body.prompt);
  return {
    action: 'SHORTEN',
    body,
    botType: parseBotType(body.botType),
    accountFilter: readAccountFilter(body),
    prompt,
    description: `/shorten ${prompt}`,
    parent: null,
    customId: '',
    repeatKey: null,
    typed: { text: body.prompt ?? '', lint: null },
    work: { kind: 'shorten', prompt: promptToSend(prompt) },
  };
}
