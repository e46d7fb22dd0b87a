import type { Part, Pulse } from '#libs/database';
import type { AssetKeeper } from './asset-keeper.js';
import { AssetPoller } from './asset-poller.js';
import type { PictureRemover } from './picture-remover.js';
import type { ImageStore } from './image-store.js';
import type { StoreIdentity } from './store-identity.js';

describe('AssetPoller', () => {
  const remover = { drain: jest.fn(() => Promise.resolve()) };
  const identity = { check: jest.fn(() => Promise.resolve()) };
  const store = { sweep: jest.fn(() => Promise.reject(new Error('read-only'))) };

  function poller(keeper: Partial<AssetKeeper>, enabled = true, parts: Part[] = []): AssetPoller {
    return new AssetPoller(
      { add: (part: Part) => parts.push(part) } as unknown as Pulse,
      keeper as AssetKeeper,
      identity as unknown as StoreIdentity,
      store as unknown as ImageStore,
      remover as unknown as PictureRemover,
      { enabled },
    );
  }

  it('fetches what is due, and leaves the job to others where it is not enabled', async () => {
    const tick = jest.fn(() => Promise.resolve());
    const [here, elsewhere]: [Part[], Part[]] = [[], []];
    poller({ tick }, true, here);
    poller({ tick }, false, elsewhere);
    for (const { when, work } of here) if (when !== undefined) await work();
    expect(tick).toHaveBeenCalledTimes(1);
    expect(elsewhere.map(({ when }) => when)).toEqual([undefined, undefined]);
    for (const { work } of elsewhere) await work();
    expect(tick).toHaveBeenCalledTimes(1);
    expect(identity.check).toHaveBeenCalledTimes(1);
  });

  afterEach(() => jest.clearAllMocks());

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
