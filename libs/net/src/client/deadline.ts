import { OutboundError, type OutboundPhase } from './outbound-error.js';

/**
 * The deadline of a whole call. undici's own timers do not bound a call: its body timer restarts with every byte and
 * its header timer with every 1xx, and an abort is not seen while a connection is still being made.
 */
export class Deadline {
  /** How far the call has come, for the error when the time is over. */
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

  /** Aborted with the error that ends the call. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends the call with this error; only the first one counts. */
  abort(error: OutboundError): void {
    this.controller.abort(error);
  }

  /** The result of the work. @throws the error that ends the call, as soon as it does */
  race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise<T>((resolve, reject) => {
      const stop = (): void => reject(signal.reason as OutboundError);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }

  /** Stops the timer. To be called once on every path. */
  end(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener('abort', this.giveUp);
  }
}
