import type { Job, JobScheduler } from '#libs/runtime';
import type { AssetKeeper } from './asset-keeper.js';
import { AssetPoller } from './asset-poller.js';
import type { PictureRemover } from './picture-remover.js';
import type { ImageStore } from '../store/image-store.js';
import type { StoreIdentity } from '../store/store-identity.js';
import type { StoreHealth } from '../store/store-health.js';

describe('AssetPoller', () => {
  const remover = { drain: jest.fn(() => Promise.resolve()) };
  const identity = { check: jest.fn(() => Promise.resolve()) };
  const health = { check: jest.fn(() => Promise.resolve()), onRecovery: jest.fn() };
  const store = { sweep: jest.fn(() => Promise.reject(new Error('read-only'))) };

  function poller(keeper: Partial<AssetKeeper>, enabled = true, jobs: Job[] = []): AssetPoller {
    return new AssetPoller(
      { add: (job: Job) => jobs.push(job) } as unknown as JobScheduler,
      keeper as AssetKeeper,
      identity as unknown as StoreIdentity,
      store as unknown as ImageStore,
      remover as unknown as PictureRemover,
      health as unknown as StoreHealth,
      { enabled },
    );
  }

  it('fetches what is due, and leaves the part to others where it is not enabled', async () => {
    const tick = jest.fn(() => Promise.resolve());
    const [here, elsewhere]: [Job[], Job[]] = [[], []];
    poller({ tick }, true, here);
    poller({ tick }, false, elsewhere);
    for (const { dueProbe, work } of here) if (dueProbe !== undefined) await work();
    expect(tick).toHaveBeenCalledTimes(1);
    expect(elsewhere.map(({ dueProbe }) => dueProbe)).toEqual([undefined, undefined, undefined]);
    for (const { work } of elsewhere) await work();
    expect(tick).toHaveBeenCalledTimes(1);
    expect(identity.check).toHaveBeenCalledTimes(1);
    expect(health.check).toHaveBeenCalledTimes(1);
  });

  it('looks for what is due as soon as the store can be written to again', () => {
    const nudge = jest.fn();
    poller({ nudge });
    for (const [recovered] of health.onRecovery.mock.calls as [() => void][]) recovered();
    expect(nudge).toHaveBeenCalledTimes(1);
  });

  afterEach(() => jest.clearAllMocks());

  it('checks the store at the start, whatever the scratch folder is like', async () => {
    await poller({}).onApplicationBootstrap();
    expect(identity.check).toHaveBeenCalledTimes(1);
    expect(health.check).toHaveBeenCalledTimes(1);
    expect(store.sweep).toHaveBeenCalledTimes(1);
  });

  it('drains before the application ends', async () => {
    const drain = jest.fn(() => Promise.resolve());
    await poller({ drain }).beforeApplicationShutdown();
    expect(drain).toHaveBeenCalledTimes(1);
    expect(remover.drain).toHaveBeenCalledTimes(1);
  });
});
