import { parseCustomId } from '#libs/wire';
import type { SubmitCommand, SubmitContext } from '../../port/command.js';
import type { Outcome } from '../../port/outcome.js';
import { clipId, pictureId, readSpelledId } from '../../port/spelled-id.js';
import { windowText } from '../../port/window-text.js';
import { lacksAction } from './action-plan.js';

/** What needs no call: picking a picture or clip that the vendor gave with its job, and opening a window. Null: a call. */
export function localOutcome(command: SubmitCommand, { state }: SubmitContext): Outcome | null {
  if (command.kind === 'change') {
    const { action, upstreamTaskId, index } = command;
    return action === 'UPSCALE' ? picked(pictureOf(upstreamTaskId, index ?? 1, state)) : null;
  }
  if (command.kind !== 'action' || lacksAction(command) !== null) return null;
  const button = parseCustomId(command.customId);
  if (button.kind !== 'button') return null;
  if (button.action === 'UPSCALE') {
    const number = button.index ?? 1;
    const isClip = button.key.startsWith('video_virtual_upscale');
    return picked((isClip ? clipOf : pictureOf)(command.upstreamTaskId, number, state));
  }
  const opens = button.window === 'always' || (button.window === 'remix' && command.enableRemix);
  if (!opens || command.confirmedPrompt !== undefined) return null;
  return { kind: 'window', upstreamTaskId: null, finalPrompt: windowText(button.action, command.parent?.prompt ?? '') };
}

function picked(upstreamTaskId: string): Outcome {
  return { kind: 'accepted', upstreamTaskIds: [upstreamTaskId] };
}

/** A single picture is its own first and only one. */
function pictureOf(upstreamTaskId: string, number: number, state: string): string {
  const { jobId, picture } = readSpelledId(upstreamTaskId);
  return pictureId(jobId, picture ?? number, state);
}

function clipOf(upstreamTaskId: string, number: number, state: string): string {
  const { jobId, clip } = readSpelledId(upstreamTaskId);
  return clipId(jobId, clip ?? number, state);
}
