import sharp from 'sharp';
import type { SubmitCommand } from '#libs/upstream';
import { actionWork, command, videoWork, type ActionWork } from '../../libs/upstream/test/commands.js';
import type { ContractBench, FinishedTask, Kind } from './contract-bench.js';

const SIDE = 32;

/** A small picture of one colour as PNG. */
export function pngOf(background: string): Promise<Buffer> {
  return sharp({ create: { width: SIDE, height: SIDE, channels: 3, background } })
    .png()
    .toBuffer();
}

/** The same as data URL. */
export async function pictureOf(background: string): Promise<string> {
  return `data:image/png;base64,${(await pngOf(background)).toString('base64')}`;
}

/** The same for a bench whose upstream takes pictures inline. */
export async function inlinePicture(colour: string): ReturnType<ContractBench['picture']> {
  return { picture: await pictureOf(colour), size: { width: SIDE, height: SIDE } };
}

/** What a follow-up is told of its parent. */
const PARENT = { prompt: 'a lighthouse', seed: '1234' };

/** One complete command of each kind; those that go on from a task go on from `parent` (a modal: from a window). */
export async function commandOf(
  kind: Kind,
  parent: FinishedTask,
  pictureAt: ContractBench['picture'],
): Promise<SubmitCommand> {
  const { upstreamTaskId } = parent;
  const [{ picture: red, size }, { picture: blue }] = await Promise.all([pictureAt('#c33'), pictureAt('#33c')]);
  switch (kind) {
    case 'imagine':
      return command({ kind, prompt: 'a red fox in snow --ar 3:2', images: [red] });
    case 'blend':
      return command({ kind, images: [red, blue], dimensions: 'LANDSCAPE' });
    case 'describe':
      return command({ kind, image: red, link: null, language: null });
    case 'shorten':
      return command({ kind, prompt: 'a very long and winding tale of a red fox in the snow' });
    case 'change':
      return command({ kind, upstreamTaskId, action: 'UPSCALE', index: 2, parent: PARENT });
    case 'action':
      return command(actionWork({ upstreamTaskId, customId: parent.button, parent: PARENT }));
    case 'modal':
      return command({ kind, upstreamTaskId, prompt: 'a blue fox', mask: null });
    case 'edits':
    case 'retexture':
      return command({ kind, prompt: 'made of glass', images: [red], sizes: [size] });
    case 'video':
      return command(videoWork({ prompt: 'the fox runs', image: red, motion: 'low', batchSize: 1 }));
    case 'upload':
      return command({ kind, images: [red, blue] });
    case 'swap':
      return command({ kind, source: red, target: blue });
  }
}

/** Presses the button of a finished task that opens a window. */
export function openModal(finished: FinishedTask): SubmitCommand {
  return command(windowWork(finished));
}

/** Confirms a window that exists in the gateway only: the same press with what the client typed. */
export function confirmModal(finished: FinishedTask, confirmedPrompt: string): SubmitCommand {
  return command({ ...windowWork(finished), confirmedPrompt });
}

function windowWork({ upstreamTaskId, windowButton, windowTaskId }: FinishedTask): ActionWork {
  const parentId = windowTaskId ?? upstreamTaskId;
  return actionWork({ upstreamTaskId: parentId, customId: windowButton, enableRemix: true, parent: PARENT });
}
