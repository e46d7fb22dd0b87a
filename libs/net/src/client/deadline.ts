import { OutboundError, type OutboundPhase } from './outbound-error.js';

/**
 * The one limit of a whole call. undici's own timers do not bound one: its body timer restarts with every byte and
 * its header timer with every 1xx, and an abort is not seen while a connection is still being made.
 */
export class Deadline {
  /** How far the call has come; what the error says when time runs out. */
  phase: OutboundPhase = 'answer';
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly giveUp = (): void => this.abort(new OutboundError('aborted', this.phase));

  /**
   * @param ms from now to the end of the body
   * @param outer the caller's own signal; its abort ends the call with kind `aborted`
   */
  constructor(
    ms: number,
    private readonly outer?: AbortSignal,
  ) {
    this.timer = setTimeout(() => this.abort(new OutboundError('timeout', this.phase)), ms);
    if (outer?.aborted) this.giveUp();
    else outer?.addEventListener('abort', this.giveUp, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends the call with this error; only the first one counts. */
  abort(error: OutboundError): void {
    this.controller.abort(error);
  }

  /** The result of the work, or the deadline's error as soon as it is there. */
  race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise<T>((resolve, reject) => {
      const stop = (): void => reject(signal.reason as OutboundError);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }

  /** Stops the clock. To be called once on every path. */
  end(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener('abort', this.giveUp);
  }
}
