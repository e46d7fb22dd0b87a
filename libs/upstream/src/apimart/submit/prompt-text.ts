import { defaultVersionOf, promptToSend, withVersion, type BotType } from '#libs/wire';
import type { KindTerms } from '../../port/upstream-kind.js';

/**
 * A prompt as it is sent: without flags of a mode, which has a field of its own, and with a version in any case: the vendor's
 * default is not the gateway's.
 */
export function promptText(terms: KindTerms, prompt: string, { botType }: { botType: BotType }): string {
  const { defaultVersion, modelVersions: versions } = terms;
  const { version, niji } = defaultVersionOf('apimart', { defaultVersion, versions, botType });
  return withVersion(promptToSend(prompt), version, niji);
}
