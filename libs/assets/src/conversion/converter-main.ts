import { writeFile } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import type { PictureType } from '../format/picture-type.js';
import { composeGrid } from './compose-grid.js';
import type { ConversionPlan } from './conversion-plan.js';
import type { ConversionSource, ConverterReply, ConverterRequest } from './converter-protocol.js';
import type { PictureShape } from './picture-shape.js';

// Entry of the child process that decodes untrusted pictures. It has no secret, no socket and no other duty; the gateway
// limits its memory and time, and kills it.

/** The names of the decoders that may be used; all others are blocked, whatever the bytes look like. */
const LOADERS = ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map((name) => `VipsForeignLoad${name}`);
const FORMATS: ReadonlySet<string> = new Set<PictureShape['format']>(['png', 'jpeg', 'webp', 'gif', 'heif', 'tiff']);
const LOSSY_QUALITY = 90;
/** Messages of libvips for a fault of the output's disk, not of the picture. */
const MEDIUM_FAULT =
  /No space left|Disk quota|Read-only file system|Permission denied|Input\/output error|unable to open/i;

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: LOADERS });

let opened: { input: string | Uint8Array; shape: PictureShape } | null = null;

function reply(message: ConverterReply): void {
  process.send?.(message);
}

async function open(source: ConversionSource): Promise<void> {
  const input = 'path' in source ? source.path : source.bytes;
  const found = await sharp(input, { limitInputPixels: false }).metadata();
  if (!FORMATS.has(found.format)) throw new Error(`no decoder of ${found.format} is used`);
  const shape: PictureShape = {
    format: found.format as PictureShape['format'],
    width: found.width,
    height: found.pageHeight ?? found.height,
    frames: found.pages ?? 1,
    channels: found.channels,
    bytes: found.depth === 'uchar' || found.depth === 'char' ? 1 : found.depth.endsWith('short') ? 2 : 4,
    hasAlpha: found.hasAlpha,
    isProgressive: found.isProgressive,
    orientation: found.orientation ?? 1,
  };
  opened = { input, shape };
  reply({ kind: 'shape', shape });
}

async function make(plan: ConversionPlan, path: string | null): Promise<void> {
  if (opened === null) throw new Error('nothing is open');
  const { input, shape } = opened;
  if (plan.isMask) return made(await makeMask(input, shape, plan.inputPixels), path);
  const { isAnimated, inputPixels, region, width } = plan;
  const picture = sharp(input, { limitInputPixels: inputPixels, animated: isAnimated, sequentialRead: true });
  // Frames of an animation are stacked: turning them would turn the stack.
  if (!isAnimated) picture.autoOrient();
  if (region !== null) picture.extract(region);
  if (width !== null) picture.resize({ width, withoutEnlargement: true });
  return made(encode(picture, plan.type), path);
}

async function made(encoded: Sharp, path: string | null): Promise<void> {
  if (path !== null) {
    const { size } = await encoded.toFile(path);
    return reply({ kind: 'made', size, bytes: null });
  }
  const bytes = await encoded.toBuffer();
  reply({ kind: 'made', size: bytes.length, bytes });
}

/** Half of the values that alpha and luma have. */
const HALF = 128;

/**
 * White where a mask is to be repainted, else black. The alphas are decoded first, as bytes, to see whether any of them says
 * so: where none does, the mask is decoded again for its luma.
 */
async function makeMask(input: string | Uint8Array, shape: PictureShape, limitInputPixels: number): Promise<Sharp> {
  const open = (): Sharp => sharp(input, { limitInputPixels, sequentialRead: true }).autoOrient();
  if (shape.hasAlpha) {
    const { data, info } = await open()
      .extractChannel('alpha')
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const alpha = (): Sharp => sharp(data, { raw: { width: info.width, height: info.height, channels: 1 } });
    const { channels } = await alpha().stats();
    if ((channels[0]?.min ?? HALF) < HALF) return alpha().negate().threshold(HALF).toColourspace('srgb').png();
  }
  return open().removeAlpha().threshold(HALF).toColourspace('srgb').png();
}

function encode(picture: Sharp, type: PictureType): Sharp {
  switch (type) {
    case 'image/png':
      return picture.png();
    case 'image/jpeg':
      // JPEG has no transparency; without this it would turn black.
      return picture.flatten({ background: '#ffffff' }).jpeg({ quality: LOSSY_QUALITY });
    default:
      // Effort 4, the default, takes twice the time for a few percent.
      return picture.webp({ quality: LOSSY_QUALITY, effort: 2 });
  }
}

function fail(error: unknown): void {
  const reason = String(error).slice(0, 500);
  reply({ kind: 'failed', fault: MEDIUM_FAULT.test(reason) ? 'medium' : 'picture', reason });
}

async function answer(request: ConverterRequest): Promise<void> {
  switch (request.kind) {
    case 'open':
      return open(request.source);
    case 'make':
      return make(request.plan, request.path);
    case 'compose':
      return made(encode(await composeGrid(request.plan, request.tiles), request.plan.type), null);
  }
}

process.on('message', (request: ConverterRequest) => {
  answer(request).catch(fail);
});
// The gateway ends this process; signals to the process group are ignored.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// An orderly exit would wait for a decoder that works in another thread.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// When the machine runs out of memory, the kernel shall end this process and not the gateway. A failure to say so is ignored.
writeFile('/proc/self/oom_score_adj', '1000', () => undefined);
