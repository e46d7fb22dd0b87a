import { Logger } from '@nestjs/common';
import type { MjError } from '../http/errors/mj-error.js';

/**
 * Why a connection was cut: `unread`, its client takes its answers too slowly; `room`, it takes nothing and others want its
 * place; `deadline`, an answer took too long as a whole; `pipelined`, too many requests wait; `body`, what is left of a body that
 * nobody wants any more comes too slowly, or without end; `revoked`, its key may not have the answer any more.
 */
export type CutReason = (typeof CUT_REASONS)[number];
export const CUT_REASONS = ['unread', 'room', 'deadline', 'pipelined', 'body', 'revoked'] as const;

/** The connection that a request came on. */
export interface RequestConnection {
  /** How long its client has taken nothing of what was written to it, ms. */
  stalledMs(now: number): number;
  /** Ends it, and with it every request on it. */
  cut(reason: CutReason): void;
}

/** `answered`: its answer went out whole. `abandoned`: the connection was gone before that. */
export type LifeEnd = 'answered' | 'abandoned';

/**
 * The life of one request, from its headers to its end, which comes exactly once: when its answer was sent, or when its
 * connection is gone, whichever is first. Everything that a request holds (a permit, memory, a file, a wait) is released by
 * its life and by nothing else: Node emits `close` only on the response that is being written.
 */
export class RequestLife {
  private releases: ((how: LifeEnd) => void)[] = [];
  private abort: AbortController | null = null;
  private ended: LifeEnd | null = null;
  private refused: MjError | null = null;
  private slowBody: (() => void) | null = null;
  /** How long its client may stall, ms; null: the limit of all connections. */
  stallTimeoutMs: number | null = null;

  constructor(private readonly line: RequestConnection) {}

  get hasEnded(): boolean {
    return this.ended !== null;
  }

  /**
   * Aborted at the end, and where the request is refused after it had begun: nothing is waited for on its behalf any more. Made
   * when first asked for: it costs as much as a read of a task.
   */
  get signal(): AbortSignal {
    if (this.abort === null) {
      this.abort = new AbortController();
      if (this.hasEnded || this.refused !== null) this.abort.abort();
    }
    return this.abort.signal;
  }

  /** Whether something waits on its behalf. */
  get isWaiting(): boolean {
    return this.abort !== null && !this.hasEnded;
  }

  /** Why it is not to be answered any more, although it had begun; null: it is. */
  get refusal(): MjError | null {
    return this.refused;
  }

  /** Ends every wait on its behalf; whoever waited answers with this. */
  refuse(refusal: MjError): void {
    this.refused ??= refusal;
    this.abort?.abort();
  }

  /** How long its client has taken nothing of what was written to it, ms. @param now of `performance` */
  stalledMs(now: number): number {
    return this.line.stalledMs(now);
  }

  /** Ends the request and everything else on its connection, at once. */
  cut(reason: CutReason): void {
    this.line.cut(reason);
  }

  /** Has `answer` called when the body comes too slowly; it answers the request in place of what waits for the body. */
  onSlowBody(answer: () => void): void {
    this.slowBody = answer;
  }

  /** For the connection: the body comes too slowly. @returns false where nobody answers that */
  tellSlowBody(): boolean {
    const { slowBody } = this;
    this.slowBody = null;
    slowBody?.();
    return slowBody !== null;
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

/** A release that throws must not keep the others from running. */
function run(release: (how: LifeEnd) => void, how: LifeEnd): void {
  try {
    release(how);
  } catch (error) {
    new Logger('Requests').error(error instanceof Error ? error : String(error));
  }
}
