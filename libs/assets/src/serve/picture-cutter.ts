import { rm } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { LRUCache } from 'lru-cache';
import { SingleFlight } from '#libs/runtime';
import type { KeptFile } from '../keep/asset-table.js';
import type { ConversionTarget } from '../conversion/conversion-plan.js';
import type { Conversion, ConversionFiles } from '../conversion/conversion-order.js';
import type { ConverterPool } from '../conversion/converter-pool.js';
import { shownSize, type PictureShape } from '../conversion/picture-shape.js';
import { variantName } from '../store/file-name.js';
import { FileMissingError, type ImageStore } from '../store/image-store.js';
import type { PictureType } from '../format/picture-type.js';
import type { GridCell } from './grid-layout.js';
import { outputType, type Recipe, type VariantRequest } from './picture-variant.js';
import { StoreWriteError, type StoreHealth } from '../store/store-health.js';

/**
 * A variant in the store, or in memory where the store cannot be written to. `busy`: too many conversions wait ·
 * `unreadable`: the picture cannot be decoded · `too_large`: it would take more memory than conversions have · `late`: it
 * would take more time
 */
export type CutPicture = { kind: 'ready'; file: string; bytes: number; contentType: PictureType } | UnstoredPicture;

/** A variant that is not stored. */
export type UnstoredPicture =
  | { kind: 'in_memory'; body: Buffer; contentType: PictureType }
  | { kind: 'busy' | 'unreadable' | 'too_large' | 'late' };

/** A failed conversion is not tried again for so long, ms: each try costs a process and its time. */
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
   * The variant of a kept picture that the recipe describes; made now if the store does not have it. Concurrent callers share the work.
   * @param asker the client that asks; each has a fair share of the conversions
   * @throws FileMissingError; the store's error when it cannot be read or written
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
   * @param read gives the bytes, when the conversion has its turn; its errors are thrown
   * @param cellIn the part, of a picture of this size; null: nobody can tell, so the picture is `unreadable`
   */
  async ofBytes(
    read: () => Promise<Uint8Array>,
    { width, format }: Omit<VariantRequest, 'cell'>,
    cellIn: (size: { width: number; height: number }) => GridCell | null,
    asker: string,
  ): Promise<UnstoredPicture> {
    const prepare = async (): Promise<ConversionFiles> => ({
      source: { bytes: await read() },
      path: null,
      release: () => Promise.resolve(),
    });
    return inMemory(
      await this.converters.convert({
        prepare,
        target: (shape) => {
          const cell = cellIn(shownSize(shape));
          return cell === null ? 'unreadable' : { type: outputType(typeOfShape(shape), format), cell, width };
        },
        asker,
        label: 'a picture that cannot be kept',
      }),
    );
  }

  private async make(source: KeptFile, recipe: Recipe, file: string, asker: string): Promise<CutPicture> {
    const target = { type: recipe.type, cell: recipe.cell, width: recipe.width };
    if (this.health.isWritable) {
      const made = await this.intoStore(source, target, file, asker);
      if (made !== null) return made;
    }
    const prepare = (): Promise<ConversionFiles> => this.borrow(source, null);
    return inMemory(await this.converters.convert({ prepare, target, asker, label: source.file }));
  }

  /** Makes a variant in the store; null where the store cannot be written to. */
  private async intoStore(
    source: KeptFile,
    target: ConversionTarget,
    file: string,
    asker: string,
  ): Promise<CutPicture | null> {
    let scratch: string | null = null;
    try {
      const path = (scratch = await this.health.write(() => this.store.scratchFile()));
      const prepare = (): Promise<ConversionFiles> => this.borrow(source, path);
      const made = await this.converters.convert({ prepare, target, asker, label: source.file });
      if (made.kind === 'medium') this.health.failed(diskError(made.reason));
      if (made.kind !== 'made') return made.kind === 'medium' ? null : { kind: made.kind };
      await this.health.write(() => this.store.put(file, path));
      return { kind: 'ready', file, bytes: made.size, contentType: target.type };
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
      // Where the store is not local, the disk may have no room for a copy of the file.
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
  // A conversion into memory writes nothing, so the medium cannot fail.
  if (made.kind === 'medium') return { kind: 'busy' };
  if (made.kind !== 'made') return { kind: made.kind };
  return { kind: 'in_memory', body: Buffer.from(made.bytes ?? []), contentType: made.target.type };
}

/** A fault of the disk as libvips words it, with the system's code for it. */
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
