import { rm } from 'node:fs/promises';
import type { KeptFile } from './asset-table.js';
import type { Conversion, ConversionFiles, ConverterPool } from './conversion/converter-pool.js';
import { variantName } from './file-name.js';
import type { ImageStore } from './image-store.js';
import type { PictureType } from './picture-type.js';
import type { Recipe } from './picture-variant.js';

/**
 * A variant in the store. `busy`: too many conversions · `unreadable`: the picture cannot be decoded · `too_large`: it
 * would take more memory than conversions have · `late`: it would take more time · `medium`: it cannot be written down
 */
export type CutPicture =
  | { kind: 'ready'; file: string; bytes: number; contentType: PictureType }
  | { kind: Exclude<Conversion['kind'], 'made'> };

/** What cannot be converted is not tried again for so long, ms: each try costs a process and its time. */
const FAILED_MS = 600_000;
const MAX_FAILED = 4_096;
const LASTING: ReadonlySet<CutPicture['kind']> = new Set(['unreadable', 'too_large', 'late']);

/** Cuts, scales and converts kept pictures; each variant is made once and kept beside its source. */
export class PictureCutter {
  private readonly flights = new Map<string, Promise<CutPicture>>();
  private readonly failed = new Map<string, { result: CutPicture; until: number }>();

  constructor(
    private readonly store: ImageStore,
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
    const flying = this.flights.get(file);
    if (flying !== undefined) return flying;
    const flight = this.make(source, recipe, file, asker)
      .then((made) => this.remember(file, made))
      .finally(() => this.flights.delete(file));
    this.flights.set(file, flight);
    return flight;
  }

  private async make(source: KeptFile, recipe: Recipe, file: string, asker: string): Promise<CutPicture> {
    const { type, quarter, width } = recipe;
    const scratch = await this.store.scratchFile();
    const prepare = async (): Promise<ConversionFiles> => {
      const input = await this.store.borrow(source.file);
      return { source: { path: input.path }, path: scratch, release: () => input.release() };
    };
    try {
      const wish = { type, quarter, width };
      const made = await this.converters.convert({ prepare, wish, asker, label: source.file });
      if (made.kind !== 'made') return { kind: made.kind };
      await this.store.put(file, scratch);
      return { kind: 'ready', file, bytes: made.size, contentType: type };
    } finally {
      await rm(scratch, { force: true });
    }
  }

  private remember(file: string, result: CutPicture): CutPicture {
    this.failed.delete(file);
    if (!LASTING.has(result.kind)) return result;
    this.failed.set(file, { result, until: this.now() + FAILED_MS });
    const [oldest] = this.failed.keys();
    if (this.failed.size > MAX_FAILED && oldest !== undefined) this.failed.delete(oldest);
    return result;
  }
}
