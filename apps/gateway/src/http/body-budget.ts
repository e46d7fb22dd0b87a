/** Room that somebody holds. */
export interface Room {
  /** Keeps no more than so many bytes of it. */
  shrinkTo(bytes: number): void;
  /** Gives all of it back; calling it again does nothing. */
  leave(): void;
}

interface Waiter {
  bytes: number;
  enter: () => void;
}

/** Bytes that bodies may take up together; whoever finds no room waits in line, in the order of coming. */
export class BodyBudget {
  private used = 0;
  private readonly line: Waiter[] = [];

  /** @param total bytes · @param places most that may wait */
  constructor(
    private readonly total: number,
    private readonly places: number,
  ) {}

  /** Bytes in use now. */
  get inUse(): number {
    return this.used;
  }

  /** Whether nobody is in and nobody waits. */
  get isIdle(): boolean {
    return this.used === 0 && this.line.length === 0;
  }

  /**
   * Room for a body, now or when its turn comes; null when too many wait already, or the signal ends the wait. A body
   * larger than all there is waits until it is alone.
   */
  async take(bytes: number, signal: AbortSignal): Promise<Room | null> {
    if (this.line.length > 0 || !this.fits(bytes)) {
      if (this.line.length >= this.places || !(await this.wait(bytes, signal))) return null;
    } else this.used += bytes;
    let held = bytes;
    const shrinkTo = (left: number): void => {
      if (left >= held) return;
      this.used -= held - left;
      held = left;
      this.admit();
    };
    return { shrinkTo, leave: () => shrinkTo(0) };
  }

  private fits(bytes: number): boolean {
    return this.used === 0 || this.used + bytes <= this.total;
  }

  /** Whether it came in; its bytes count from that moment on. */
  private wait(bytes: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const leave = (): void => {
        this.line.splice(this.line.indexOf(waiter), 1);
        resolve(false);
        // The one behind may fit where this one did not.
        this.admit();
      };
      const waiter: Waiter = {
        bytes,
        enter: () => {
          signal.removeEventListener('abort', leave);
          resolve(true);
        },
      };
      if (signal.aborted) return resolve(false);
      signal.addEventListener('abort', leave, { once: true });
      this.line.push(waiter);
    });
  }

  private admit(): void {
    for (let first = this.line[0]; first !== undefined && this.fits(first.bytes); first = this.line[0]) {
      this.line.shift();
      this.used += first.bytes;
      first.enter();
    }
  }
}
