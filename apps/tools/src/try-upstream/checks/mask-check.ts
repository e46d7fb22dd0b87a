import sharp from 'sharp';
import { parseCustomId } from '#libs/wire';
import { judged, NotTriedError } from '../finding.js';
import type { Ended, Trial } from '../trial.js';
import type { Check } from './check.js';

/** A version whose pictures have regions at every upstream. */
const PROMPT = 'a white wall --v 7';
const REPAINT = 'a black wall';
const SIDE = 64;
const MASK_SIDE = 1024;
/** How much more one half has to change than the other, to be the one that was painted anew. */
const CLEARLY = 1.5;

/** Has the left half of a picture painted anew, and sees which half changed. */
export const maskPolarity: Check = async (trial) => {
  const grid = await trial.follow(await trial.accepted({ kind: 'imagine', prompt: PROMPT, images: [] }));
  const single = await trial.follow(
    await trial.accepted({ kind: 'change', upstreamTaskId: grid.id, action: 'UPSCALE', index: 1 }),
  );
  const upstreamTaskId = await openWindow(trial, single);
  const mask = `data:image/png;base64,${(await leftHalf()).toString('base64')}`;
  const painted = await trial.follow(await trial.accepted({ kind: 'modal', upstreamTaskId, prompt: REPAINT, mask }));
  const { left, right } = changesOf(await pixelsOf(single), await pixelsOf(painted));
  if (Math.max(left, right) < CLEARLY * Math.min(left, right)) {
    throw new NotTriedError('both halves changed alike, so that it cannot be told');
  }
  return judged(left > right, left > right ? 'the white half changed' : 'the black half changed');
};

async function openWindow(trial: Trial, { id, snapshot }: Ended): Promise<string> {
  const button = snapshot.buttons.find(({ customId }) => {
    const parsed = parseCustomId(customId);
    return parsed.kind === 'button' && parsed.action === 'INPAINT';
  });
  if (button === undefined) throw new NotTriedError('a single picture has no button for regions');
  const { customId } = button;
  return trial.accepted({
    kind: 'action',
    upstreamTaskId: id,
    customId,
    enableRemix: false,
    chooseSameChannel: true,
  });
}

function leftHalf(): Promise<Buffer> {
  const half = { width: MASK_SIDE / 2, height: MASK_SIDE, channels: 3 as const, background: '#fff' };
  return sharp({ create: { width: MASK_SIDE, height: MASK_SIDE, channels: 3, background: '#000' } })
    .composite([{ input: { create: half }, left: 0, top: 0 }])
    .png()
    .toBuffer();
}

async function pixelsOf({ snapshot }: Ended): Promise<Buffer> {
  // A repainted region comes as a grid of four takes.
  const link = snapshot.imageUrls.find((one) => one !== null) ?? snapshot.imageUrl;
  if (link === null) throw new NotTriedError('a picture has no link');
  const answer = await fetch(link);
  if (!answer.ok) throw new NotTriedError(`a picture cannot be fetched: HTTP ${answer.status}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  return sharp(bytes).resize(SIDE, SIDE, { fit: 'fill' }).greyscale().raw().toBuffer();
}

/** How much the halves of two pictures differ. */
function changesOf(before: Buffer, after: Buffer): { left: number; right: number } {
  const sums = { left: 1, right: 1 };
  for (const [at, value] of before.entries()) {
    sums[at % SIDE < SIDE / 2 ? 'left' : 'right'] += Math.abs(value - (after[at] ?? 0));
  }
  return sums;
}
