import { judgePrompt, promptToSend, type RuleKind } from '#libs/wire';
import type { Unsupported } from './capabilities.js';
import type { SubmitCommand } from './command.js';
import type { KindTerms } from './upstream-kind.js';

/**
 * What a kind of upstream lacks for the prompt of new work, by its rules; null: nothing. Follow-ups are not judged: they go to the
 * upstream of their parent or nowhere, and it refuses them in its own words.
 */
export function promptLack(kind: RuleKind, terms: KindTerms, command: SubmitCommand): Unsupported | null {
  const work = promptOf(command);
  if (work === null) return null;
  const { botType, mode } = command;
  const { defaultVersion, modelVersions: versions } = terms;
  const { prompt, ...rest } = work;
  const verdict = judgePrompt(promptToSend(prompt), kind, { defaultVersion, versions, botType, mode, ...rest });
  return verdict.kind === 'ok' ? null : { what: verdict.what, name: verdict.name };
}

function promptOf(command: SubmitCommand): { prompt: string; images: number; isVideo: boolean } | null {
  switch (command.kind) {
    case 'imagine':
    case 'edits':
    case 'retexture':
      return { prompt: command.prompt, images: command.images.length, isVideo: false };
    case 'blend':
      return { prompt: '', images: command.images.length, isVideo: false };
    case 'video':
      return command.extend === null ? { prompt: command.prompt, images: 1, isVideo: true } : null;
    default:
      return null;
  }
}
