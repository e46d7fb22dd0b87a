import { quarter } from '../serve/grid-layout.js';
import { readFile, writeFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { memoryFor } from './conversion-memory.js';
import { planConversion, type ConversionTarget } from './conversion-plan.js';
import { ConverterProcess } from './converter-process.js';

const WIDTH = 2_000;
const HEIGHT = 1_600;
const FRAMES = 20;
const SIDE = 320;
const MIB = 1024 * 1024;

const plain = (): Sharp => sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#336699' } });
const noise = (): Sharp =>
  sharp({
    create: {
      width: WIDTH,
      height: HEIGHT,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });
const deep = (): Sharp => plain().ensureAlpha(0.5).toColourspace('rgb16');

function moving(): Sharp {
  const raw = Buffer.alloc(SIDE * SIDE * FRAMES * 4, 0xff);
  for (let at = 0; at < raw.length; at += 4) raw.writeUInt16LE((at * 2_654_435_761) & 0xffff, at);
  return sharp(raw, { raw: { width: SIDE, height: SIDE * FRAMES, channels: 4, pageHeight: SIDE } });
}

const PICTURES: Record<string, () => Sharp> = {
  png: () => plain().png(),
  'transparent png': () => noise().ensureAlpha(0.2).png(),
  'interlaced png': () => plain().png({ progressive: true }),
  'interlaced png of 16 bits': () => deep().png({ progressive: true }),
  'turned png of 16 bits': () => deep().png().withMetadata({ orientation: 6 }),
  'progressive jpeg': () => noise().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }),
  'progressive cmyk jpeg': () => noise().toColourspace('cmyk').jpeg({ progressive: true, chromaSubsampling: '4:4:4' }),
  'lossless webp': () => noise().webp({ lossless: true, effort: 0 }),
  gif: () => plain().gif({ effort: 1 }),
  avif: () => plain().avif({ effort: 0 }),
  'avif of 12 bits': () => plain().ensureAlpha(0.5).avif({ effort: 0, bitdepth: 12, chromaSubsampling: '4:4:4' }),
  'tiff of 16 bits': () => deep().tiff({ compression: 'deflate' }),
  'moving webp': () => moving().webp({ effort: 0 }),
  'moving gif': () => moving().gif({ effort: 1 }),
};

const TARGETS: ConversionTarget[] = [
  { type: 'image/webp', cell: null, width: 512 },
  { type: 'image/png', cell: quarter(4), width: null },
  { type: 'image/webp', cell: null, width: null },
  { type: 'image/png', cell: null, width: null, isMask: true },
];

/** Memory of a process, from Linux; the most since it was last asked to forget. */
async function memoryOf(pid: number): Promise<{ now: number; most: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const of = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
  return { now: of('VmRSS'), most: of('VmHWM') };
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('memory of conversions, measured in a converter', () => {
  it.each(Object.keys(PICTURES))('%s takes no more than is counted', async (name) => {
    const bytes = await PICTURES[name]?.().toBuffer();
    if (bytes === undefined) throw new Error('no such picture');
    for (const target of TARGETS) {
      // A fresh one each time: memory that a decoder gave back may be used again.
      const converter = new ConverterProcess(1_024 * MIB, () => undefined);
      try {
        const shape = await converter.open({ bytes });
        await writeFile(`/proc/${converter.pid}/clear_refs`, '5');
        const before = await memoryOf(converter.pid ?? 0);
        const plan = planConversion(shape, target);
        await converter.make(plan, null);
        const { most } = await memoryOf(converter.pid ?? 0);
        const counted = memoryFor(shape, plan) / MIB;
        const taken = (most - before.now) / MIB;
        expect({ name, target, taken, counted, fits: taken <= counted }).toMatchObject({ fits: true });
      } finally {
        converter.kill();
      }
    }
  });
});
