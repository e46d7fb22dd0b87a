import { OutboundError } from '#libs/net';

/** So many calls at a time, of whatever upstreams: each has a connection of its own, which is a descriptor. */
export class CallSemaphore {
  private readonly waiting = new Set<() => void>();

  /** @param free how many calls may be under way */
  constructor(private free: number) {}

  /**
   * Makes a call once there is a place for it, the one that waits longest first.
   * @param deadlineMs for the wait and the call together; `call` is told what is left of it, ms
   * @throws OutboundError of phase `connect` where no place became free in time
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

  /** Resolves when a call that ended has left its place to this one. */
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
