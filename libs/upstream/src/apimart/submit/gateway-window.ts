import { parseCustomId } from '#libs/wire';
import type { SubmitCommand } from '../../port/command.js';
import type { Outcome } from '../../port/outcome.js';
import type { KindTerms } from '../../port/upstream-kind.js';
import { canRemix, modelNamed } from '../model-name.js';

type Pressed = Extract<SubmitCommand, { kind: 'action' }>;

/**
 * The window of a button for whose work the vendor takes a text, but opens no window; null: there is none. The vendor's own
 * windows are those of INPAINT and CUSTOM_ZOOM.
 */
export function gatewayWindow(terms: KindTerms, command: SubmitCommand): Outcome | null {
  if (command.kind !== 'action' || command.confirmedPrompt !== undefined) return null;
  return opens(terms, command)
    ? { kind: 'window', upstreamTaskId: null, finalPrompt: command.parent?.prompt ?? '' }
    : null;
}

function opens(terms: KindTerms, command: Pressed): boolean {
  const button = parseCustomId(command.customId);
  if (button.kind !== 'button' || button.window === 'never') return false;
  const isAsked = button.window === 'always' || command.enableRemix;
  switch (button.action) {
    case 'REMIX':
    case 'IMAGINE':
    case 'VIDEO':
    case 'REROLL':
      return isAsked;
    case 'VARIATION':
    case 'LOW_VARIATION':
    case 'HIGH_VARIATION':
      return isAsked && isRemixable(terms, command);
    default:
      return false;
  }
}

/** Whether pictures of the task with a button can be varied with another text. */
export function isRemixable({ defaultVersion }: KindTerms, { parent }: Pressed): boolean {
  return canRemix(modelNamed(parent?.prompt ?? '') ?? defaultVersion);
}
