import { promptToSend, type BotType } from '#libs/wire';
import type { KindTerms } from '../../port/upstream-kind.js';

const NAMES_VERSION = /(?:^|\s)--(?:v|version|niji|video)(?=\s|$)/i;
/** The newest version of Niji that the vendor has. */
const NIJI = '7';

/**
 * A prompt as it is sent: without flags of a mode, which has a field of its own, and with a version in any case: the vendor's
 * default is not the gateway's.
 */
export function promptText(terms: KindTerms, prompt: string, { botType }: { botType: BotType }): string {
  const text = promptToSend(prompt);
  if (NAMES_VERSION.test(text)) return text;
  if (botType === 'NIJI_JOURNEY') return `${text} --niji ${NIJI}`.trim();
  return terms.defaultVersion === null ? text : `${text} --v ${terms.defaultVersion}`.trim();
}
