import { judgePrompt, promptToSend, withVersion, type BotType, type TaskMode } from '#libs/wire';
import type { KindTerms } from '../../port/upstream-kind.js';
import { modelNamed } from '../model-name.js';

/** The text of a prompt, and the fields that win over what it says. */
export interface PromptFields {
  prompt: string;
  version?: string;
  niji?: true;
}

/**
 * A prompt as it is sent: without flags of a mode, which has a field of its own, and with a version in any case, because the
 * vendor's default is not the gateway's. A version that is gone has its successor in a field.
 */
export function promptFields(
  terms: KindTerms,
  prompt: string,
  { botType, mode }: { botType: BotType; mode: TaskMode },
): PromptFields {
  const text = promptToSend(prompt);
  const { defaultVersion, modelVersions: versions } = terms;
  const verdict = judgePrompt(text, 'apimart', { defaultVersion, botType, mode, versions });
  // Such a prompt was judged before it got here; should it come, the vendor answers for itself.
  if (verdict.kind !== 'ok') return { prompt: text };
  const { version, niji } = verdict;
  const named = modelNamed(text);
  if (named === null || named === (niji ? `niji ${version}` : version)) {
    return { prompt: withVersion(text, version, niji) };
  }
  return niji ? { prompt: text, version, niji } : { prompt: text, version };
}
