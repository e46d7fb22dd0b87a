import { buffer } from 'node:stream/consumers';
import { OutboundError } from '#libs/net';
import type { ConversionSource } from '../conversion/converter-protocol.js';
import type { GridFiles } from '../conversion/conversion-order.js';
import type { ConverterPool } from '../conversion/converter-pool.js';
import { PictureRefusedError } from '../format/picture-size.js';
import type { Asset } from '../keep/asset.entity.js';
import { keptFile, type AssetTable } from '../keep/asset-table.js';
import { FileMissingError, type ImageStore, type LocalFile } from '../store/image-store.js';

/** All grids share one place in the queue of conversions: none of them may hold up what clients wait for. */
const ASKER = 'grids';

/** Composes the picture of a task whose upstream gave single pictures only. */
export class GridComposer {
  constructor(
    private readonly table: AssetTable,
    private readonly store: ImageStore,
    private readonly converters: ConverterPool,
  ) {}

  /**
   * The bytes of a grid; null: too many conversions wait. The place of a picture that is lost stays dark.
   * @param places the number of the picture in each place; null: it was withheld
   * @param read gives the bytes of a picture that is not kept yet; its errors are thrown
   * @throws PictureRefusedError; OutboundError
   */
  async compose(
    taskId: string,
    places: readonly (number | null)[],
    read: (single: Asset) => Promise<Uint8Array>,
  ): Promise<Uint8Array | null> {
    const made = await this.converters.compose({
      prepare: () => this.collect(taskId, places, read),
      asker: ASKER,
      label: `the grid of task ${taskId}`,
    });
    switch (made.kind) {
      case 'made':
        return made.bytes;
      case 'busy':
      case 'medium':
        return null;
      case 'unreadable':
        throw new PictureRefusedError('unreadable');
      case 'too_large':
        throw new PictureRefusedError('dimensions');
      case 'late':
        throw new OutboundError('timeout', 'body');
    }
  }

  private async collect(
    taskId: string,
    places: readonly (number | null)[],
    read: (single: Asset) => Promise<Uint8Array>,
  ): Promise<GridFiles> {
    const borrowed: LocalFile[] = [];
    const release = async (): Promise<void> => {
      await Promise.all(borrowed.map((file) => file.release()));
    };
    try {
      const tiles: (ConversionSource | null)[] = [];
      for (const n of places) {
        const single = n === null ? null : await this.table.find({ taskId, kind: 'image', n });
        tiles.push(single === null ? null : await this.open(single, borrowed, read));
      }
      if (tiles.every((tile) => tile === null)) throw new PictureRefusedError('empty');
      return { tiles, release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  private async open(
    single: Asset,
    borrowed: LocalFile[],
    read: (single: Asset) => Promise<Uint8Array>,
  ): Promise<ConversionSource | null> {
    const kept = keptFile(single);
    if (kept === null) return single.state === 'wanted' ? { bytes: await read(single) } : null;
    try {
      const file = await this.store.borrow(kept.file);
      borrowed.push(file);
      return { path: file.path };
    } catch (error) {
      if (error instanceof FileMissingError) throw new PictureRefusedError('unreadable', error);
      // Where the store is not local, the disk may have no room for a copy of the file.
      return { bytes: await buffer(await this.store.open(kept.file)) };
    }
  }
}
