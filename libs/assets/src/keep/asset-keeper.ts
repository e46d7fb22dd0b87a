import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { logFailure } from '#libs/database';
import { OutboundError } from '#libs/net';
import { SingleFlight } from '#libs/runtime';
import type { AssetKey } from './asset.entity.js';
import type { AssetOptions } from '../asset-options.js';
import type { AssetTable, ClaimedAsset, KeptFile } from './asset-table.js';
import { fileName } from '../store/file-name.js';
import type { ImageStore } from '../store/image-store.js';
import { settleSingles, singlesFirst, singlesOf } from './grid-singles.js';
import type { KeepResult } from './keep-result.js';
import { nextAttempt } from './keep-schedule.js';
import type { PictureOrigin } from '../fetch/picture-origin.js';
import { saveVerified, type VerifiedPicture } from '../fetch/picture-download.js';
import { PictureRefusedError } from '../format/picture-size.js';
import type { StoreIdentity } from '../store/store-identity.js';
import { StoreWriteError, type StoreHealth } from '../store/store-health.js';

type Fetched =
  | { kind: 'verified'; picture: VerifiedPicture; scratch: string }
  | { kind: 'gone'; reason: string }
  | { kind: 'bad'; reason: string; late: boolean };

/** Fetches under way up to which the job claims more. */
const MAX_FLIGHTS = 8;
/** Fetches under way up to which a GET begins one. */
const MAX_FLIGHTS_WITH_GETS = 16;
/** Time of a lease besides two downloads: for asking for a fresh link, reading the picture and storing it. */
const LEASE_SLACK_MS = 60_000;
/** With less of the lease left nothing is stored any more: another process may claim the asset meanwhile. */
const STORE_MS = 15_000;
/** Delay after a failure of our own (disk full, store away); such failures never make an asset lost. */
const OWN_FAULT_DELAY_MS = 60_000;
const MAX_HOPS = 2;
/** Reason of a grid that cannot be composed yet. */
const WAITS = 'singles';

/**
 * Keeps the results of upstreams: claims wanted assets, downloads, verifies, stores and settles them. One fetch per asset
 * at a time.
 */
export class AssetKeeper {
  private readonly log = new Logger(AssetKeeper.name);
  private readonly flights = new SingleFlight<KeepResult>();
  private readonly stopping = new AbortController();
  private readonly leaseMs: number;
  private claiming: Promise<void> | null = null;

  constructor(
    private readonly table: AssetTable,
    private readonly store: ImageStore,
    private readonly identity: StoreIdentity,
    private readonly health: StoreHealth,
    private readonly origin: PictureOrigin,
    private readonly options: AssetOptions,
    private readonly random: () => number,
  ) {
    this.leaseMs = 2 * options.downloadMs + LEASE_SLACK_MS;
  }

  /** Claims due assets, up to MAX_FLIGHTS fetches, and begins to fetch them. @throws DatabaseUnavailableError */
  async tick(): Promise<void> {
    if (this.stopping.signal.aborted || this.claiming !== null || this.identity.problem() !== null) return;
    if (!this.health.isWritable) return;
    const room = MAX_FLIGHTS - this.flights.size;
    if (room <= 0) return;
    const claimed = this.table.claimDue(room, randomUUID(), this.leaseMs);
    this.claiming = claimed.then(
      () => undefined,
      () => undefined,
    );
    try {
      const assets = await claimed;
      // After a full claim more assets may be due: the next claim follows as soon as a fetch ends.
      const more = assets.length === room;
      for (const asset of singlesFirst(assets)) {
        void this.launch(asset).finally(() => (more ? this.nudge() : undefined));
      }
    } finally {
      this.claiming = null;
    }
  }

  /** Claims due assets without waiting for the next tick, where this process runs the job. */
  nudge(): void {
    if (!this.options.enabled) return;
    this.tick().catch((error: unknown) => logFailure(this.log, 'wanted pictures could not be claimed', error));
  }

  /**
   * Fetches one wanted asset now, even if it is not due yet. Concurrent callers share one fetch, which goes on when they
   * leave. @throws DatabaseUnavailableError
   */
  keepNow(key: AssetKey): Promise<KeepResult> {
    const flying = this.flights.underWay(nameOf(key));
    if (flying !== undefined) return flying;
    if (this.stopping.signal.aborted || this.identity.problem() !== null) return Promise.resolve({ kind: 'stopped' });
    if (!this.health.isWritable) return Promise.resolve({ kind: 'unwritable' });
    if (this.flights.size >= MAX_FLIGHTS_WITH_GETS) return Promise.resolve({ kind: 'contended' });
    return this.flights.run(nameOf(key), () => this.claimAndKeep(key));
  }

  /** Claims nothing more, breaks off the downloads, and waits until their leases are given back. */
  async drain(): Promise<void> {
    this.stopping.abort();
    await this.claiming;
    await this.flights.settled();
    await this.origin.close();
  }

  private async claimAndKeep(key: AssetKey): Promise<KeepResult> {
    const asset = await this.table.claimOne(key, randomUUID(), this.leaseMs);
    return asset === null ? { kind: 'contended' } : this.keep(asset);
  }

  private launch(asset: ClaimedAsset): Promise<KeepResult> {
    // A fetch for a GET may still be under way that did not get the claim.
    return this.flights.start(nameOf(asset), () => this.keep(asset));
  }

  /** Fetches a claimed asset. Never throws: an asset that cannot be settled is due again when its lease ends. */
  private async keep(asset: ClaimedAsset): Promise<KeepResult> {
    const storeBefore = performance.now() + this.leaseMs - STORE_MS;
    try {
      return await this.fetchAndSettle(asset, storeBefore);
    } catch (error) {
      if (this.stopping.signal.aborted) await this.table.release(asset).catch(() => undefined);
      else if (error instanceof StoreWriteError) {
        this.health.failed(error);
        // The asset is due again as soon as the store can be written to, and this fetch does not count.
        await this.table.release(asset).catch(() => undefined);
        return { kind: 'unwritable' };
      } else {
        logFailure(this.log, `picture ${nameOf(asset)} could not be kept`, error);
        await this.table.settleRetry(asset, OWN_FAULT_DELAY_MS, 'store').catch(() => undefined);
      }
      return { kind: 'failed', late: false };
    }
  }

  private async fetchAndSettle(asset: ClaimedAsset, storeBefore: number): Promise<KeepResult> {
    let found = await this.fetch(asset);
    if (found.kind === 'gone') {
      const link = await this.freshLink(asset);
      if (link !== null && link !== asset.sourceUrl) {
        asset.sourceUrl = link;
        await this.table.relink(asset, link);
        found = await this.fetch(asset);
      }
    }
    if (this.stopping.signal.aborted) {
      if (found.kind === 'verified') await rm(found.scratch, { force: true });
      await this.table.release(asset);
      return { kind: 'stopped' };
    }
    if (found.kind !== 'verified') {
      await this.settleFailure(asset, found.reason);
      return { kind: 'failed', late: found.kind === 'bad' && found.late };
    }
    return this.storeAndSettle(asset, found.picture, found.scratch, storeBefore);
  }

  private async storeAndSettle(
    asset: ClaimedAsset,
    picture: VerifiedPicture,
    scratch: string,
    storeBefore: number,
  ): Promise<KeepResult> {
    const { type, ...rest } = picture;
    const kept: KeptFile = { file: fileName(asset, type), contentType: type, ...rest };
    try {
      if (performance.now() > storeBefore) return { kind: 'contended' };
      const same = await this.shareSame(asset, kept);
      if (same !== null) return { kind: 'kept', file: same };
      await this.health.write(() => this.store.put(kept.file, scratch));
    } finally {
      await rm(scratch, { force: true }).catch(() => undefined);
    }
    return (await this.table.settleKept(asset, kept)) ? { kind: 'kept', file: kept } : { kind: 'contended' };
  }

  /** Shares the file of another asset with the same bytes, so that they are stored once; null: there is none. */
  private async shareSame(asset: ClaimedAsset, kept: KeptFile): Promise<KeptFile | null> {
    const file = await this.table.findSame(kept.sha256, kept.contentType);
    if (file === null || (await this.store.size(file)) !== kept.bytes) return null;
    const shared = { ...kept, file };
    return (await this.table.settleSame(asset, shared)) ? shared : null;
  }

  private async settleFailure(asset: ClaimedAsset, reason: string): Promise<void> {
    const ageMs = (asset.nextAt?.getTime() ?? 0) - this.leaseMs - asset.createdAt.getTime();
    const next = nextAttempt({ ageMs, attempts: asset.attempts }, this.random);
    if (next.kind === 'retry') return this.table.settleRetry(asset, next.delayMs, reason);
    // What its single pictures come to, its grid comes to after them.
    if (reason === WAITS) return this.table.settleRetry(asset, OWN_FAULT_DELAY_MS, reason);
    this.log.warn(`picture ${nameOf(asset)} is given up: ${reason}`);
    return this.table.settleLost(asset, reason);
  }

  /** A fresh link of the asset; null also when the upstream cannot be asked now: the asset is tried again anyway. */
  private async freshLink(asset: ClaimedAsset): Promise<string | null> {
    try {
      return await this.origin.freshLink(asset);
    } catch (error) {
      this.log.debug(`no fresh link for picture ${nameOf(asset)}: ${String(error)}`);
      return null;
    }
  }

  private async settledSingles(asset: ClaimedAsset): Promise<'settled' | 'late' | 'missing'> {
    const { signal } = this.stopping;
    const waitMs = this.options.downloadMs;
    const keepNow = (key: AssetKey): Promise<KeepResult> => this.keepNow(key);
    return settleSingles(singlesOf(asset) ?? [], { table: this.table, keepNow, waitMs, signal });
  }

  private async fetch(asset: ClaimedAsset): Promise<Fetched> {
    const singles = await this.settledSingles(asset);
    if (singles !== 'settled') return { kind: 'bad', reason: WAITS, late: singles === 'late' };
    const { kind, sourceUrl } = asset;
    const scratch = await this.health.write(() => this.store.scratchFile());
    try {
      const answer = await this.origin.download(asset, sourceUrl, {
        deadlineMs: this.options.downloadMs,
        maxBytes: kind === 'image' ? this.options.maxImageBytes : this.options.maxVideoBytes,
        maxHops: MAX_HOPS,
        accept: `${kind}/*`,
        signal: this.stopping.signal,
      });
      if (answer.status !== 200) {
        answer.body.destroy();
        const reason = `status_${answer.status}`;
        return [403, 404, 410].includes(answer.status)
          ? { kind: 'gone', reason }
          : { kind: 'bad', reason, late: false };
      }
      return { kind: 'verified', picture: await saveVerified(answer, kind, scratch), scratch };
    } catch (error) {
      if (error instanceof OutboundError) return { kind: 'bad', reason: error.kind, late: error.kind === 'timeout' };
      if (error instanceof PictureRefusedError) return { kind: 'bad', reason: error.reason, late: false };
      throw error;
    }
  }
}

function nameOf({ taskId, kind, n }: AssetKey): string {
  return `${taskId}/${kind}/${n}`;
}
