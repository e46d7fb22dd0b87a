import { OutboundError } from '#libs/net';

/** Semaphore of calls to all upstreams: each call has a connection, and with it a file descriptor, of its own. */
export class CallSemaphore {
  private readonly waiting = new Set<() => void>();

  /** @param free how many permits there are: most calls at a time */
  constructor(private free: number) {}

  /**
   * Makes a call once a permit is free. Permits are given first come, first served.
   * @param deadlineMs of the wait and the call together; `call` is given the rest of it, ms
   * @throws OutboundError of phase `connect` where no permit became free in time
   */
  async run<T>(deadlineMs: number, call: (leftMs: number) => Promise<T>): Promise<T> {
    const begunAt = performance.now();
    if (this.free > 0) this.free -= 1;
    else await this.acquire(deadlineMs);
    try {
      return await call(Math.max(1, deadlineMs - (performance.now() - begunAt)));
    } finally {
      const [next] = this.waiting;
      if (next === undefined) this.free += 1;
      else next();
    }
  }

  /** Waits for the permit of a call that ends. */
  private acquire(deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const take = (): void => {
        clearTimeout(timer);
        this.waiting.delete(take);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.delete(take);
        reject(new OutboundError('timeout', 'connect', 'places'));
      }, deadlineMs);
      this.waiting.add(take);
    });
  }
}
