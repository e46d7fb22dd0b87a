import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { eventually } from '../../test/asset-fixture.js';
import type { ConversionTarget } from './conversion-plan.js';
import type { Conversion, ConversionOrder } from './conversion-order.js';
import { ConverterPool, CONVERTER_DEFAULTS } from './converter-pool.js';
import { ConverterProcess } from './converter-process.js';

const MIB = 1024 * 1024;
const WEBP: ConversionTarget = { type: 'image/webp', cell: null, width: 128 };

let folder: string;
let png: Buffer;
let pool: ConverterPool;
const pools: ConverterPool[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journeyman-converter-'));
  png = await canvas(400, 300).png().toBuffer();
});
beforeEach(() => {
  pool = poolOf();
});
afterEach(() => {
  for (const made of pools.splice(0)) made.onApplicationShutdown();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function poolOf(options: Partial<ConstructorParameters<typeof ConverterPool>[0]> = {}): ConverterPool {
  const made = new ConverterPool({ ...CONVERTER_DEFAULTS, ...options });
  pools.push(made);
  return made;
}

function canvas(width: number, height: number): Sharp {
  return sharp({ create: { width, height, channels: 3, background: '#336699' } });
}

function orderOf(bytes: Buffer, more: Partial<ConversionOrder> = {}): ConversionOrder {
  const prepare = (): ReturnType<ConversionOrder['prepare']> =>
    Promise.resolve({ source: { bytes }, path: null, release: () => Promise.resolve() });
  return { prepare, target: WEBP, asker: 'a', label: 'a picture', ...more };
}

function bytesOf(conversion: Conversion): Buffer {
  if (conversion.kind !== 'made' || conversion.bytes === null) throw new Error(conversion.kind);
  return Buffer.from(conversion.bytes);
}

/** Decodes for as long as anybody likes. */
async function endless(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  return sharp({ create: { width: 6_000, height: 4_000, channels: 3, background: '#808080', noise } })
    .jpeg({ quality: 60 })
    .toBuffer();
}

const FULL_WEBP: ConversionTarget = { type: 'image/webp', cell: null, width: null };

describe('ConverterPool', () => {
  it('starts with the first picture, is used again, and gives everything back', async () => {
    expect(pool.state).toMatchObject({ running: 0, waiting: 0, memoryBytes: 0, processes: 0 });
    const made = await Promise.all(Array.from({ length: 6 }, () => pool.convert(orderOf(png))));
    for (const one of made) {
      expect(await sharp(bytesOf(one)).metadata()).toMatchObject({ format: 'webp', width: 128, height: 96 });
    }
    expect(pool.state).toMatchObject({ running: 0, waiting: 0, memoryBytes: 0, processes: 2 });
  });

  it('ends a process that has been idle, and starts another one when it is needed', async () => {
    const brief = poolOf({ idleMs: 1 });
    await brief.convert(orderOf(png));
    await eventually(() => brief.state.processes === 0);
    expect((await brief.convert(orderOf(png))).kind).toBe('made');
  });

  it('refuses what would take more memory than there is, before it is decoded', async () => {
    const small = poolOf({ memoryBytes: 64 * MIB });
    const avif = await canvas(1_500, 1_000).avif({ effort: 0 }).toBuffer();
    const make = jest.spyOn(ConverterProcess.prototype, 'make');
    expect(await small.convert(orderOf(avif))).toEqual({ kind: 'too_large' });
    expect(make).not.toHaveBeenCalled();
    make.mockRestore();
    expect((await small.convert(orderOf(png))).kind).toBe('made');
    expect(small.state.memoryBytes).toBe(0);
  });

  it('refuses a side that the format cannot have', async () => {
    const long = await canvas(16_384, 2).png().toBuffer();
    expect(await pool.convert(orderOf(long, { target: FULL_WEBP }))).toEqual({ kind: 'too_large' });
  });

  it('does not let two take at once what only one may have', async () => {
    const tight = poolOf({ memoryBytes: 64 * MIB });
    const large = await canvas(1_000, 1_000).avif({ effort: 0 }).toBuffer();
    let most = 0;
    const make = jest.spyOn(ConverterProcess.prototype, 'make').mockImplementation(() => {
      most = Math.max(most, tight.state.memoryBytes);
      return Promise.resolve({ size: 0, bytes: new Uint8Array(0) });
    });
    const made = await Promise.all([1, 2, 3].map(() => tight.convert(orderOf(large))));
    make.mockRestore();
    expect(made.map(({ kind }) => kind)).toEqual(['made', 'made', 'made']);
    expect(most).toBeGreaterThan(32 * MIB);
    expect(most).toBeLessThanOrEqual(64 * MIB);
    expect(tight.state.memoryBytes).toBe(0);
  });

  it('gives up what takes too long, and ends its process', async () => {
    const hurried = poolOf({ timeoutMs: 1_500 });
    // The process is up, so that the time is the conversion's.
    await hurried.convert(orderOf(png));
    const { make } = ConverterProcess.prototype;
    const making = jest.spyOn(ConverterProcess.prototype, 'make').mockImplementation(function (
      this: ConverterProcess,
      ...args
    ) {
      // As a decoder that never ends would: no reply comes until the process is gone.
      process.kill(this.pid ?? 0, 'SIGSTOP');
      return make.apply(this, args);
    });
    const late = await hurried.convert(orderOf(png));
    making.mockRestore();
    expect(late).toEqual({ kind: 'late' });
    expect((await hurried.convert(orderOf(png))).kind).toBe('made');
    expect(hurried.state).toMatchObject({ running: 0, waiting: 0, memoryBytes: 0 });
  });

  it('outlives a process that is ended from outside', async () => {
    const picture = await endless();
    const began = new Promise<ConverterProcess>((resolve) => {
      const { make } = ConverterProcess.prototype;
      jest.spyOn(ConverterProcess.prototype, 'make').mockImplementationOnce(function (this: ConverterProcess, ...args) {
        resolve(this);
        return make.apply(this, args);
      });
    });
    const converting = pool.convert(orderOf(picture, { target: FULL_WEBP }));
    process.kill((await began).pid ?? 0, 'SIGKILL');
    expect(await converting).toEqual({ kind: 'unreadable' });
    expect((await pool.convert(orderOf(png))).kind).toBe('made');
    expect(pool.state).toMatchObject({ running: 0, memoryBytes: 0, processes: 1 });
  });

  it('reads no other type, whatever a picture says it is', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>');
    const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n');
    for (const bytes of [svg, pdf, Buffer.alloc(0), Buffer.from('nonsense')]) {
      expect(await pool.convert(orderOf(bytes))).toEqual({ kind: 'unreadable' });
    }
  });

  it('writes into a file, and tells a full disk from a bad picture', async () => {
    const path = join(folder, 'made');
    const into = (target: string): ConversionOrder =>
      orderOf(png, {
        prepare: () => Promise.resolve({ source: { bytes: png }, path: target, release: () => Promise.resolve() }),
      });
    const made = await pool.convert(into(path));
    expect(made).toMatchObject({ kind: 'made', bytes: null, size: readFileSync(path).length });
    expect(await pool.convert(into(join(folder, 'no', 'such', 'folder')))).toMatchObject({ kind: 'medium' });
    if (existsSync('/dev/full')) expect(await pool.convert(into('/dev/full'))).toMatchObject({ kind: 'medium' });
  });

  it('releases what was prepared however it ends, and throws what preparing throws', async () => {
    const release = jest.fn(() => Promise.resolve());
    const prepare = (bytes: Buffer) => () => Promise.resolve({ source: { bytes }, path: null, release });
    await pool.convert(orderOf(png, { prepare: prepare(png) }));
    await pool.convert(orderOf(png, { prepare: prepare(Buffer.from('nonsense')) }));
    expect(release).toHaveBeenCalledTimes(2);
    const failing = orderOf(png, { prepare: () => Promise.reject(new Error('no such file')) });
    await expect(pool.convert(failing)).rejects.toThrow('no such file');
    expect(pool.state).toMatchObject({ running: 0, waiting: 0 });
  });

  it('tells how each ended', async () => {
    const ends: string[] = [];
    pool.onConversion((kind) => ends.push(kind));
    await pool.convert(orderOf(png));
    await pool.convert(orderOf(Buffer.from('nonsense')));
    pool.beforeApplicationShutdown();
    expect(await pool.convert(orderOf(png))).toEqual({ kind: 'busy' });
    expect(ends).toEqual(['made', 'unreadable', 'busy']);
    await eventually(() => pool.state.processes === 0);
  });
});

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a converter', () => {
  let converter: ConverterProcess;

  beforeEach(() => {
    converter = new ConverterProcess(32 * MIB, () => undefined);
  });
  afterEach(() => converter.kill());

  it('cannot take more memory than it was given, whatever was counted', async () => {
    const avif = await canvas(5_000, 3_000).avif({ effort: 0 }).toBuffer();
    await converter.open({ bytes: avif });
    const plan = {
      type: 'image/webp',
      region: null,
      width: 128,
      isAnimated: false,
      isMask: false,
      output: { width: 128, height: 77 },
      inputPixels: 15_000_000,
    } as const;
    await expect(converter.make(plan, null)).rejects.toMatchObject({ name: 'ConversionFailedError' });
  });

  it('decodes no more pixels than its header said', async () => {
    await converter.open({ bytes: png });
    const plan = {
      type: 'image/webp',
      region: null,
      width: 128,
      isAnimated: false,
      isMask: false,
      output: { width: 128, height: 96 },
      inputPixels: 119_999,
    } as const;
    await expect(converter.make(plan, null)).rejects.toMatchObject({ fault: 'picture' });
  });

  it('knows no secret, and goes before the gateway when memory runs out', async () => {
    await converter.open({ bytes: png });
    const environment = readFileSync(`/proc/${converter.pid}/environ`, 'latin1').split('\0');
    const names = environment.map((line) => line.split('=')[0]).filter((name) => name !== '');
    expect(
      names.filter(
        (name) => !/^(?:MALLOC_ARENA_MAX|VIPS_DISC_THRESHOLD|NODE_CHANNEL_|PWD|OLDPWD|SHLVL|_)/.test(name ?? ''),
      ),
    ).toEqual([]);
    await eventually(() => readFileSync(`/proc/${converter.pid}/oom_score_adj`, 'utf8').trim() === '1000');
  });

  it('minds no signal that is meant for the gateway', async () => {
    await converter.open({ bytes: png });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(converter.pid ?? 0, signal);
    expect(await converter.open({ bytes: png })).toMatchObject({ format: 'png' });
  });
});
