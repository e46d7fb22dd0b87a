import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { AssetKeeper } from './asset-keeper.js';
import type { AssetOptions } from './asset-options.js';
import type { ImageStore } from './image-store.js';
import type { StoreIdentity } from './store-identity.js';

/** The clock of the pictures: keeps what is due each second, compares the store's identity, sweeps its scratch files. */
export class AssetPoller implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(AssetPoller.name);
  private ticking = false;
  private checking = false;

  constructor(
    private readonly keeper: AssetKeeper,
    private readonly identity: StoreIdentity,
    private readonly store: ImageStore,
    private readonly options: Pick<AssetOptions, 'enabled'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.checkStore();
    await this.sweep();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.keeper.drain();
  }

  @Interval(1_000)
  async tick(): Promise<void> {
    if (!this.options.enabled || this.ticking) return;
    this.ticking = true;
    try {
      await this.keeper.tick();
    } catch (error) {
      this.log.warn(`wanted pictures could not be claimed: ${String(error)}`);
    } finally {
      this.ticking = false;
    }
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
