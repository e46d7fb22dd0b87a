import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { JobScheduler } from '#libs/runtime';
import type { AssetKeeper } from './asset-keeper.js';
import type { AssetOptions } from '../asset-options.js';
import { PICTURES_DUE } from './asset-table.js';
import type { PictureRemover } from './picture-remover.js';
import type { ImageStore } from '../store/image-store.js';
import type { StoreIdentity } from '../store/store-identity.js';
import type { StoreHealth } from '../store/store-health.js';

/**
 * The jobs of this lib: claim due assets each second, delete old pictures, check identity and health of the store, sweep
 * scratch files.
 */
export class AssetPoller implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly log = new Logger(AssetPoller.name);

  constructor(
    scheduler: JobScheduler,
    private readonly keeper: AssetKeeper,
    private readonly identity: StoreIdentity,
    private readonly store: ImageStore,
    private readonly remover: PictureRemover,
    private readonly health: StoreHealth,
    { enabled }: Pick<AssetOptions, 'enabled'>,
  ) {
    const { name } = AssetPoller;
    if (enabled) {
      scheduler.add({ name, everyMs: 1_000, dueProbe: PICTURES_DUE, work: () => keeper.tick() });
      // A run may take long and ends by its own drain, so the job does not wait for it.
      scheduler.add({ name, everyMs: 60_000, work: () => void remover.tick() });
    }
    scheduler.add({ name, everyMs: 10_000, work: () => identity.check() });
    scheduler.add({ name, everyMs: 10_000, work: () => health.check() });
    health.onRecovery(() => keeper.nudge());
    scheduler.add({ name, everyMs: 3_600_000, work: () => this.sweep() });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.identity.check();
    await this.health.check();
    await this.sweep();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.keeper.drain(), this.remover.drain()]);
  }

  /** Closes the store after the last reader has ended. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }

  private async sweep(): Promise<void> {
    try {
      await this.store.sweep(new Date());
    } catch (error) {
      this.log.warn(`scratch files could not be swept: ${String(error)}`);
    }
  }
}
