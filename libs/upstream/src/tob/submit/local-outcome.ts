import { parseCustomId } from '#libs/wire';
import type { SubmitCommand, SubmitContext } from '../../port/command.js';
import type { Outcome } from '../../port/outcome.js';
import { clipId, pictureId, readSpelledId } from '../../port/spelled-id.js';
import { withoutFlag } from '../prompt/job-text.js';
import { lacksAction, type ActionCommand } from './action-plan.js';

/** The zoom that the window of a custom zoom proposes. */
const PROPOSED_ZOOM = 2;

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
  return { kind: 'window', upstreamTaskId: null, finalPrompt: windowText(command, button.action) };
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

/** The text that a window shows: none for a region, the zoom to be changed for a custom zoom, else the parent's prompt. */
function windowText({ parent }: ActionCommand, action: string): string {
  const prompt = parent?.prompt ?? '';
  if (action === 'INPAINT') return '';
  return action === 'CUSTOM_ZOOM' ? `${withoutFlag(prompt, 'zoom')} --zoom ${PROPOSED_ZOOM}`.trim() : prompt;
}
