import sharp from 'sharp';
import { type InputStore } from '../inputs/input-store.js';
import { type ApimartSettings } from './apimart-options.js';
import { wrong } from './apimart-replies.js';

/** The largest picture in base64, bytes. */
const MOST_BYTES = 12 * 1024 * 1024;

/** Takes the pictures of a field: links or base64. @throws Refusal naming the first one that cannot be read */
export async function takePictures(inputs: InputStore, sources: readonly string[], field: string): Promise<string[]> {
  const names: string[] = [];
  for (const [at, source] of sources.entries()) names.push(await takePicture(inputs, source, `${field}[${at}]`));
  return names;
}

/** Takes one picture: a link or base64 of at most 12 MiB. @throws Refusal when it cannot be read */
export async function takePicture(inputs: InputStore, source: string, field: string): Promise<string> {
  if (!/^https?:\/\//i.test(source) && (source.length * 3) / 4 > MOST_BYTES)
    throw wrong(`${field} must not be larger than 12 MB`);
  const taken = await inputs.take(source, true);
  if (taken.kind === 'bad') throw wrong(`${field} must be a link or a picture in base64`);
  return taken.input;
}

/** Takes a mask and turns it so that white is what is repainted, which is how the drawing has it; transparent is kept. */
export async function takeMask(inputs: InputStore, source: string, masks: ApimartSettings['masks']): Promise<string> {
  const input = await takePicture(inputs, source, 'mask_url');
  const bytes = masks === 'white-repaints' ? null : await inputs.read(input);
  if (bytes === null) return input;
  const turned = await sharp(bytes).flatten({ background: '#000' }).negate({ alpha: false }).png().toBuffer();
  return takePicture(inputs, turned.toString('base64'), 'mask_url');
}
