import { Logger } from '@nestjs/common';

/** `answered`: its answer went out whole. `abandoned`: the connection was gone before that. */
export type LifeEnd = 'answered' | 'abandoned';

/**
 * The life of one request, from its headers to its end, which comes exactly once: when its answer went out, or when its
 * connection is gone, whichever is first. Whatever a request holds (a place, memory, a file, a wait) is given back here
 * and nowhere else: Node tells a response of the end of its connection only while it is the one that is being written.
 */
export class RequestLife {
  private releases: ((how: LifeEnd) => void)[] = [];
  private abort: AbortController | null = null;
  private ended: LifeEnd | null = null;

  get hasEnded(): boolean {
    return this.ended !== null;
  }

  /** Aborted at the end. Made when first asked for: it costs as much as a read of a task. */
  get signal(): AbortSignal {
    if (this.abort === null) {
      this.abort = new AbortController();
      if (this.hasEnded) this.abort.abort();
    }
    return this.abort.signal;
  }

  /** Calls `release` once, at the end; at once where that has come already. */
  onEnd(release: (how: LifeEnd) => void): void {
    if (this.ended === null) this.releases.push(release);
    else run(release, this.ended);
  }

  /** For the connection that the request came on. A second end is none. */
  end(how: LifeEnd): void {
    if (this.ended !== null) return;
    this.ended = how;
    const { releases } = this;
    this.releases = [];
    for (const release of releases) run(release, how);
    this.abort?.abort();
  }
}

/** One holder that fails must not keep the others from giving back. */
function run(release: (how: LifeEnd) => void, how: LifeEnd): void {
  try {
    release(how);
  } catch (error) {
    new Logger('Requests').error(error instanceof Error ? error : String(error));
  }
}
