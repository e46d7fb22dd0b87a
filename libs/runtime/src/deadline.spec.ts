import { nullOnAbort, raceTimeout, withDeadline } from './deadline.js';

/** A promise that is ended by hand. */
function held<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((...ends) => ([resolve, reject] = ends));
  return { promise, resolve, reject };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('withDeadline', () => {
  it('gives the result of work that ends in time, and leaves no timer', async () => {
    expect(await withDeadline(1_000, () => Promise.resolve('done'))).toBe('done');
    await expect(withDeadline(1_000, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('aborts the signal of the work when its time is over', async () => {
    const work = withDeadline(
      1_000,
      (deadline) => new Promise((resolve) => deadline.addEventListener('abort', () => resolve('late'))),
    );
    jest.advanceTimersByTime(1_000);
    expect(await work).toBe('late');
  });
});

describe('nullOnAbort', () => {
  it('gives the result or the failure of work that ends before', async () => {
    const { signal } = new AbortController();
    expect(await nullOnAbort(signal, Promise.resolve('done'))).toBe('done');
    await expect(nullOnAbort(signal, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('gives null once the signal is aborted, and drops a failure after that', async () => {
    const [controller, work] = [new AbortController(), held<string>()];
    const raced = nullOnAbort(controller.signal, work.promise);
    controller.abort();
    expect(await raced).toBeNull();
    work.reject(new Error('too late to be heard'));
    expect(await nullOnAbort(controller.signal, work.promise)).toBeNull();
  });

  it('leaves no listener behind', async () => {
    const { signal } = new AbortController();
    const [added, removed] = [jest.spyOn(signal, 'addEventListener'), jest.spyOn(signal, 'removeEventListener')];
    await nullOnAbort(signal, Promise.resolve());
    await Promise.resolve();
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
  });
});

describe('raceTimeout', () => {
  it('gives the result or the failure of work that ends in time, and leaves no timer', async () => {
    expect(await raceTimeout(1_000, Promise.resolve('done'), () => 'late')).toBe('done');
    await expect(raceTimeout(1_000, Promise.reject(new Error('broken')), () => 'late')).rejects.toThrow('broken');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives what is meant for late work when the time is over, and drops a failure after that', async () => {
    const work = held<string>();
    const raced = raceTimeout(1_000, work.promise, () => 'late');
    jest.advanceTimersByTime(1_000);
    expect(await raced).toBe('late');
    work.reject(new Error('too late to be heard'));
  });

  it('fails where late work is a failure', async () => {
    const raced = raceTimeout(1_000, held<string>().promise, () => {
      throw new Error('timed out');
    });
    jest.advanceTimersByTime(1_000);
    await expect(raced).rejects.toThrow('timed out');
  });
});
