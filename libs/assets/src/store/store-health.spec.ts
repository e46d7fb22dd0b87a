import { Logger } from '@nestjs/common';
import type { ImageStore } from './image-store.js';
import { StoreHealth, StoreWriteError } from './store-health.js';

const full = (): Error =>
  Object.assign(new Error('ENOSPC: no space left on device, write /secret/path'), { code: 'ENOSPC' });

describe('StoreHealth', () => {
  const probe = jest.fn<Promise<void>, [boolean]>(() => Promise.resolve());
  const store = { probe, location: '/data/pictures' } as unknown as ImageStore;
  let now: number;
  let health: StoreHealth;
  let errors: jest.SpyInstance;
  let lines: jest.SpyInstance;

  beforeEach(() => {
    now = 1_000;
    health = new StoreHealth(store, () => now);
    errors = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    lines = jest.spyOn(Logger.prototype, 'log').mockImplementation();
  });
  afterEach(() => {
    jest.restoreAllMocks();
    probe.mockReset().mockResolvedValue(undefined);
  });

  it('is writable until somebody fails, and says so once', async () => {
    expect([health.isWritable, health.problem]).toEqual([true, null]);
    expect(await health.write(() => Promise.resolve(7))).toBe(7);
    await expect(health.write(() => Promise.reject(full()))).rejects.toBeInstanceOf(StoreWriteError);
    health.failed(full());
    expect([health.isWritable, health.problem]).toEqual([false, 'the picture store cannot be written to (ENOSPC)']);
    expect(errors.mock.calls).toEqual([[{ alarm: 'pictures cannot be kept', why: 'ENOSPC', store: '/data/pictures' }]]);
  });

  it('finds out by itself, also that it can be written to again', async () => {
    const recovered = jest.fn();
    health.onRecovery(recovered);
    probe.mockRejectedValue(Object.assign(new Error('read-only'), { code: 'EROFS' }));
    await health.check();
    await health.check();
    expect(health.problem).toBe('the picture store cannot be written to (EROFS)');
    expect(recovered).not.toHaveBeenCalled();
    now += 61_000;
    probe.mockResolvedValue(undefined);
    await health.check();
    expect(health.isWritable).toBe(true);
    expect(recovered).toHaveBeenCalledTimes(1);
    expect(lines.mock.calls).toEqual([['pictures can be kept again, after 61 s']]);
    // What costs something is tried only where it may bring something.
    expect(probe.mock.calls).toEqual([[false], [true], [true]]);
  });

  it('says of an unknown failure at least what it was', () => {
    health.failed(new StoreWriteError(Object.assign(new Error('x'), { name: 'NoSuchBucket' })));
    expect(health.problem).toBe('the picture store cannot be written to (NoSuchBucket)');
  });
});
