import type { AssetKeeper } from './asset-keeper.js';
import { AssetPoller } from './asset-poller.js';
import type { PictureRemover } from './picture-remover.js';
import type { ImageStore } from './image-store.js';
import type { StoreIdentity } from './store-identity.js';

describe('AssetPoller', () => {
  const remover = { drain: jest.fn(() => Promise.resolve()) };
  const identity = { check: jest.fn(() => Promise.resolve()) };
  const store = { sweep: jest.fn(() => Promise.reject(new Error('read-only'))) };

  function poller(keeper: Partial<AssetKeeper>, enabled = true): AssetPoller {
    return new AssetPoller(
      keeper as AssetKeeper,
      identity as unknown as StoreIdentity,
      store as unknown as ImageStore,
      remover as unknown as PictureRemover,
      { enabled },
    );
  }

  it('begins no tick while one runs, and goes on after one that failed', async () => {
    let fail = (): void => undefined;
    const tick = jest.fn(() => new Promise<void>((_, reject) => (fail = () => reject(new Error('away')))));
    const made = poller({ tick });
    const first = made.tick();
    await made.tick();
    expect(tick).toHaveBeenCalledTimes(1);
    fail();
    await first;
    void made.tick();
    expect(tick).toHaveBeenCalledTimes(2);
  });

  it('leaves the job to others where it is not enabled', async () => {
    const tick = jest.fn(() => Promise.resolve());
    await poller({ tick }, false).tick();
    expect(tick).not.toHaveBeenCalled();
  });

  it('checks the store at the start, whatever the scratch folder is like', async () => {
    await poller({}).onApplicationBootstrap();
    expect(identity.check).toHaveBeenCalledTimes(1);
    expect(store.sweep).toHaveBeenCalledTimes(1);
  });

  it('drains before the application ends', async () => {
    const drain = jest.fn(() => Promise.resolve());
    await poller({ drain }).beforeApplicationShutdown();
    expect(drain).toHaveBeenCalledTimes(1);
    expect(remover.drain).toHaveBeenCalledTimes(1);
  });
});
