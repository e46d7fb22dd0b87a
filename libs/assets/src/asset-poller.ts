import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { logFailure } from '#libs/database';
import type { AssetKeeper } from './asset-keeper.js';
import type { AssetOptions } from './asset-options.js';
import type { PictureRemover } from './picture-remover.js';
import type { ImageStore } from './image-store.js';
import type { StoreIdentity } from './store-identity.js';

/** The clock of the pictures: keeps what is due each second, deletes what is old, compares the store's identity, sweeps its scratch files. */
export class AssetPoller implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly log = new Logger(AssetPoller.name);
  private ticking = false;
  private checking = false;

  constructor(
    private readonly keeper: AssetKeeper,
    private readonly identity: StoreIdentity,
    private readonly store: ImageStore,
    private readonly remover: PictureRemover,
    private readonly options: Pick<AssetOptions, 'enabled'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.checkStore();
    await this.sweep();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.keeper.drain(), this.remover.drain()]);
  }

  /** Not before the last reader has gone. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }

  @Interval(1_000)
  async tick(): Promise<void> {
    if (!this.options.enabled || this.ticking) return;
    this.ticking = true;
    try {
      await this.keeper.tick();
    } catch (error) {
      logFailure(this.log, 'wanted pictures could not be claimed', error);
    } finally {
      this.ticking = false;
    }
  }

  @Interval(60_000)
  async removeOld(): Promise<void> {
    await this.remover.tick();
  }

  @Interval(10_000)
  async checkStore(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    try {
      await this.identity.check();
    } finally {
      this.checking = false;
    }
  }

  @Interval(3_600_000)
  async sweep(): Promise<void> {
    try {
      await this.store.sweep(new Date());
    } catch (error) {
      this.log.warn(`scratch files could not be swept: ${String(error)}`);
    }
  }
}
