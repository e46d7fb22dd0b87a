import type { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import { SingleFlight, nullOnAbort, sleep, withDeadline } from '#libs/runtime';
import type { Asset, AssetKey } from '../keep/asset.entity.js';
import type { AssetKeeper } from '../keep/asset-keeper.js';
import type { AssetOptions } from '../asset-options.js';
import { keptFile, type AssetTable, type KeptFile } from '../keep/asset-table.js';
import type { ByteSpan, ImageStore } from '../store/image-store.js';

/**
 * Result of opening a picture. `none`: there is no such asset · `unavailable`: its origin failed · `timeout`: it did not answer in time · `unkept`: it
 * cannot be kept now, and is still at its origin
 */
export type OpenedPicture =
  | { kind: 'kept'; file: KeptFile }
  | { kind: 'unkept'; asset: Asset }
  | { kind: 'none' }
  | { kind: 'unavailable' }
  | { kind: 'timeout' };

/** Time between two reads of the row while another replica fetches, ms. */
const LOOK_AGAIN_MS = 250;
/** For so long after a failed fetch a GET does not begin another one, ms: many clients must not cause many fetches. */
const QUIET_MS = 5_000;
const MAX_QUIET = 4_096;

/** Opens finished pictures: kept ones at once, others as soon as they are kept. */
export class PictureReader {
  private readonly searches = new SingleFlight<OpenedPicture>();
  private readonly failures = new LRUCache<string, { late: boolean }>({ max: MAX_QUIET, ttl: QUIET_MS });

  constructor(
    private readonly table: AssetTable,
    private readonly keeper: AssetKeeper,
    private readonly store: ImageStore,
    private readonly options: Pick<AssetOptions, 'waitMs'>,
  ) {}

  /**
   * Finds an asset; one that is not kept yet is fetched, or waited for, `waitMs` at most. @throws
   * DatabaseUnavailableError
   */
  async open(key: AssetKey): Promise<OpenedPicture> {
    return withDeadline(this.options.waitMs, async (deadline) => {
      for (;;) {
        const opened = await nullOnAbort(deadline, this.search(key));
        // A caller that joined an earlier search still has time left, and begins another one.
        if (opened === null || opened.kind !== 'timeout' || deadline.aborted) return opened ?? { kind: 'timeout' };
      }
    });
  }

  /** The bytes of a file or a part of them, streamed. The reader destroys the stream when it needs no more. */
  read(file: string, span?: ByteSpan): Promise<Readable> {
    return this.store.open(file, span);
  }

  /** Single-flight: concurrent callers for one picture share a search, so that they cost one query. */
  private search(key: AssetKey): Promise<OpenedPicture> {
    return this.searches.run(nameOf(key), () =>
      withDeadline(this.options.waitMs, (deadline) => this.openBefore(deadline, key)),
    );
  }

  private async openBefore(deadline: AbortSignal, key: AssetKey): Promise<OpenedPicture> {
    const name = nameOf(key);
    while (!deadline.aborted) {
      const asset = await this.table.find(key);
      if (asset === null || asset.state === 'removed') return { kind: 'none' };
      const file = keptFile(asset);
      if (file !== null) return { kind: 'kept', file };
      if (asset.state === 'lost') return { kind: 'unavailable' };
      const failure = this.failures.get(name);
      if (failure !== undefined) return { kind: failure.late ? 'timeout' : 'unavailable' };
      const result = await nullOnAbort(deadline, this.keeper.keepNow(key));
      if (result === null) break;
      if (result.kind === 'kept') return result;
      if (result.kind === 'stopped') return { kind: 'unavailable' };
      if (result.kind === 'unwritable') return { kind: 'unkept', asset };
      if (result.kind === 'failed') this.failures.set(name, { late: result.late });
      else await sleep(LOOK_AGAIN_MS, deadline);
    }
    return { kind: 'timeout' };
  }
}

function nameOf({ taskId, kind, n }: AssetKey): string {
  return `${taskId}/${kind}/${n}`;
}
