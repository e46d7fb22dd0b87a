import sharp from 'sharp';
import type { SubmitCommand, Work } from '#libs/upstream';
import type { FinishedTask, Kind } from './contract-bench.js';

/** Work on the usual terms. */
export function command(work: Work): SubmitCommand {
  return { botType: 'MID_JOURNEY', mode: 'FAST', modeIsChosen: false, accountFilter: null, ...work };
}

/** An imagine with nothing to it but a prompt. */
export function imagine(prompt: string): SubmitCommand {
  return command({ kind: 'imagine', prompt, images: [] });
}

/** A small picture of one colour as data URL. */
export async function pictureOf(background: string): Promise<string> {
  const picture = sharp({ create: { width: 32, height: 32, channels: 3, background } });
  return `data:image/png;base64,${(await picture.png().toBuffer()).toString('base64')}`;
}

/** One complete command of each kind; those that go on from a task go on from `parent` (a modal: from a window). */
export async function commandOf(kind: Kind, parent: FinishedTask): Promise<SubmitCommand> {
  const { upstreamTaskId } = parent;
  const [red, blue] = await Promise.all([pictureOf('#c33'), pictureOf('#33c')]);
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
      return command({ kind, upstreamTaskId, action: 'UPSCALE', index: 2 });
    case 'action':
      return command({
        kind,
        upstreamTaskId,
        customId: parent.button,
        enableRemix: false,
        chooseSameChannel: false,
      });
    case 'modal':
      return command({ kind, upstreamTaskId, prompt: 'a blue fox', mask: null });
    case 'edits':
    case 'retexture':
      return command({ kind, prompt: 'made of glass', images: [red] });
    case 'video':
      return command({
        kind,
        prompt: 'the fox runs',
        image: red,
        endImage: null,
        loop: false,
        motion: 'low',
        videoType: null,
        batchSize: 1,
        extend: null,
      });
    case 'upload':
      return command({ kind, images: [red, blue] });
    case 'swap':
      return command({ kind, source: red, target: blue });
  }
}

/** Presses the button of a finished task that opens a window. */
export function openModal({ upstreamTaskId, windowButton }: FinishedTask): SubmitCommand {
  return command({
    kind: 'action',
    upstreamTaskId,
    customId: windowButton,
    enableRemix: true,
    chooseSameChannel: false,
  });
}
