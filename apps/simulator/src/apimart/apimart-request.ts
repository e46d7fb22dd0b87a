import { type Body } from '../submit/body.js';
import { type Prompt, readPrompt } from '../wire/prompt.js';
import { type Mode } from '../wire/vocabulary.js';
import { type ApimartFaults, faultsOfPrompt } from './apimart-faults.js';
import { failure, Refusal, wrong } from './apimart-replies.js';
import { bannedWordOf } from './moderation.js';
import { modelOf, withStructuredFlags } from './structured-flags.js';

/** A submit that was let in. */
export interface ApimartRequest {
  readonly body: Body;
  readonly faults: ApimartFaults;
  /** Whose it is: a hash of the key. */
  readonly owner: string;
  /** Epoch ms. */
  readonly now: number;
}

/** A prompt as it was sent and as it is understood. */
export interface ReadPrompt {
  readonly sent: string | null;
  readonly text: string;
  readonly prompt: Prompt;
  readonly model: string;
}

/** What is drawn with when a prompt names no model. */
const DEFAULT_MODEL = '7';
const PROMPT_LENGTH = 8_192;

/**
 * The prompt of a body, with its structured fields where the route has them; '' when there is none.
 * @throws Refusal for a wrong field and for a banned word.
 */
export function readSentPrompt({ body }: ApimartRequest, structured: boolean): ReadPrompt {
  const sent = body.text('prompt');
  const plain = readPrompt(faultsOfPrompt(sent?.trim() ?? '').prompt).full;
  if (plain.length > PROMPT_LENGTH) throw wrong(`prompt must not be longer than ${PROMPT_LENGTH} characters`);
  if (bannedWordOf(plain) !== null) throw new Refusal(failure(422));
  const text = structured ? withStructuredFlags(body, plain) : plain;
  return { sent, text, prompt: readPrompt(text), model: modelOf(text) ?? DEFAULT_MODEL };
}

/** The speed that a body asks for, else the prompt's flag; null when neither says. @throws Refusal for an unknown word */
export function speedOf({ body }: ApimartRequest, flagged: Mode | null): Mode | null {
  const word = body.trimmed('speed');
  switch (word) {
    case '':
      return flagged;
    case 'relax':
      return 'RELAX';
    case 'fast':
      return 'FAST';
    case 'turbo':
      return 'TURBO';
    default:
      throw wrong('speed must be relax, fast or turbo');
  }
}

/** A number of a picture between bounds; null when absent. @throws Refusal for any other value */
export function indexOf(body: Body, least: number, most: number): number | null {
  const text = body.trimmed('index');
  if (text === '') return null;
  if (/^\d$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
  throw wrong(`index must be a number from ${least} to ${most}`);
}
