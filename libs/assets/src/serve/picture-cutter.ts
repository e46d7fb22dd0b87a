import { rm } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { LRUCache } from 'lru-cache';
import { SingleFlight } from '#libs/runtime';
import type { KeptFile } from '../keep/asset-table.js';
import type { ConversionWish } from '../conversion/conversion-plan.js';
import type { Conversion, ConversionFiles, ConverterPool } from '../conversion/converter-pool.js';
import type { PictureShape } from '../conversion/picture-shape.js';
import { variantName } from '../store/file-name.js';
import { FileMissingError, type ImageStore } from '../store/image-store.js';
import type { PictureType } from '../format/picture-type.js';
import { outputType, type Recipe, type VariantWish } from './picture-variant.js';
import { StoreWriteError, type StoreHealth } from '../store/store-health.js';

/**
 * A variant in the store, or in memory where the store cannot be written to. `busy`: too many conversions ·
 * `unreadable`: the picture cannot be decoded · `too_large`: it would take more memory than conversions have · `late`: it
 * would take more time
 */
export type CutPicture = { kind: 'ready'; file: string; bytes: number; contentType: PictureType } | UnstoredPicture;

/** A variant that no file is made of. */
export type UnstoredPicture =
  | { kind: 'in_memory'; body: Buffer; contentType: PictureType }
  | { kind: 'busy' | 'unreadable' | 'too_large' | 'late' };

/** What cannot be converted is not tried again for so long, ms: each try costs a process and its time. */
const FAILED_MS = 600_000;
const MAX_FAILED = 4_096;
const DISK_WORDS: readonly (readonly [RegExp, string])[] = [
  [/No space left/i, 'ENOSPC'],
  [/quota/i, 'EDQUOT'],
  [/Read-only/i, 'EROFS'],
  [/Permission denied/i, 'EACCES'],
];
const LASTING: ReadonlySet<CutPicture['kind']> = new Set(['unreadable', 'too_large', 'late']);

/** Cuts, scales and converts kept pictures; each variant is made once and kept beside its source. */
export class PictureCutter {
  private readonly flights = new SingleFlight<CutPicture>();
  private readonly failed = new LRUCache<string, { result: CutPicture; until: number }>({ max: MAX_FAILED });

  constructor(
    private readonly store: ImageStore,
    private readonly health: StoreHealth,
    private readonly converters: ConverterPool,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * The variant of a kept picture that the recipe describes; made now if it is not there. Callers for one share the work.
   * @param asker whose wish it is, for a fair share of the work
   * @throws FileMissingError; what the store throws when it cannot be read or written
   */
  async variant(source: KeptFile, recipe: Recipe, asker: string): Promise<CutPicture> {
    const file = variantName(source.file, recipe.suffix, recipe.type);
    const bytes = await this.store.size(file);
    if (bytes !== null) return { kind: 'ready', file, bytes, contentType: recipe.type };
    const failure = this.failed.get(file);
    if (failure !== undefined && failure.until > this.now()) return failure.result;
    return this.flights.run(file, async () => this.remember(file, await this.make(source, recipe, file, asker)));
  }

  /**
   * A part of a picture that is not kept, in memory.
   * @param read gives its bytes, once there is room to convert them; what it throws is thrown
   */
  async ofBytes(read: () => Promise<Uint8Array>, wish: VariantWish, asker: string): Promise<UnstoredPicture> {
    const prepare = async (): Promise<ConversionFiles> => ({
      source: { bytes: await read() },
      path: null,
      release: () => Promise.resolve(),
    });
    const { quarter, width, format } = wish;
    return inMemory(
      await this.converters.convert({
        prepare,
        wish: (shape) => ({ type: outputType(typeOfShape(shape), format), quarter, width }),
        asker,
        label: 'a picture that cannot be kept',
      }),
    );
  }

  private async make(source: KeptFile, recipe: Recipe, file: string, asker: string): Promise<CutPicture> {
    const wish = { type: recipe.type, quarter: recipe.quarter, width: recipe.width };
    if (this.health.isWritable) {
      const made = await this.intoStore(source, wish, file, asker);
      if (made !== null) return made;
    }
    const prepare = (): Promise<ConversionFiles> => this.borrow(source, null);
    return inMemory(await this.converters.convert({ prepare, wish, asker, label: source.file }));
  }

  /** Null where the store cannot be written to. */
  private async intoStore(
    source: KeptFile,
    wish: ConversionWish,
    file: string,
    asker: string,
  ): Promise<CutPicture | null> {
    let scratch: string | null = null;
    try {
      const path = (scratch = await this.health.write(() => this.store.scratchFile()));
      const prepare = (): Promise<ConversionFiles> => this.borrow(source, path);
      const made = await this.converters.convert({ prepare, wish, asker, label: source.file });
      if (made.kind === 'medium') this.health.failed(diskError(made.reason));
      if (made.kind !== 'made') return made.kind === 'medium' ? null : { kind: made.kind };
      await this.health.write(() => this.store.put(file, path));
      return { kind: 'ready', file, bytes: made.size, contentType: wish.type };
    } catch (error) {
      if (error instanceof StoreWriteError) return null;
      throw error;
    } finally {
      if (scratch !== null) await rm(scratch, { force: true }).catch(() => undefined);
    }
  }

  private async borrow(source: KeptFile, path: string | null): Promise<ConversionFiles> {
    try {
      const input = await this.store.borrow(source.file);
      return { source: { path: input.path }, path, release: () => input.release() };
    } catch (error) {
      // Where the file is not a local one, there may be no room for a copy of it.
      if (error instanceof FileMissingError || this.health.isWritable) throw error;
      const bytes = await buffer(await this.store.open(source.file));
      return { source: { bytes }, path, release: () => Promise.resolve() };
    }
  }

  private remember(file: string, result: CutPicture): CutPicture {
    this.failed.delete(file);
    if (!LASTING.has(result.kind)) return result;
    this.failed.set(file, { result, until: this.now() + FAILED_MS });
    return result;
  }
}

function inMemory(made: Conversion): UnstoredPicture {
  // What is not written cannot fail for the disk.
  if (made.kind === 'medium') return { kind: 'busy' };
  if (made.kind !== 'made') return { kind: made.kind };
  return { kind: 'in_memory', body: Buffer.from(made.bytes ?? []), contentType: made.wish.type };
}

/** What libvips says of a disk, with the code that the system has for it. */
function diskError(reason: string): Error {
  const [, code = 'EIO'] = DISK_WORDS.find(([words]) => words.test(reason)) ?? [];
  return Object.assign(new Error(reason), { code });
}

function typeOfShape({ format }: PictureShape): PictureType {
  switch (format) {
    case 'heif':
      return 'image/avif';
    case 'tiff':
      return 'image/png';
    default:
      return `image/${format}`;
  }
}
