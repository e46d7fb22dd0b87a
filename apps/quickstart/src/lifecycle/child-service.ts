import { fork, type ChildProcess } from 'node:child_process';

import { eventually } from './processes.js';

/** How a child ended. */
export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What a child came to before it was ready. */
export type Readiness =
  { kind: 'listening'; url: string } | { kind: 'exited'; exit: ChildExit } | { kind: 'late' } | { kind: 'aborted' };

/** How a stop went; `gone` when the child had ended before it was asked to. */
export type StopResult =
  { kind: 'gone' } | { kind: 'drained' } | { kind: 'failed'; exit: ChildExit } | { kind: 'killed' };

/**
 * A Node program of ours as a child: it says `{type: 'listening', url}` over IPC when it serves, drains on SIGTERM, and
 * ends by itself when the channel closes. It has a session of its own, so that a Ctrl-C in the terminal reaches this
 * process alone, which then stops everything in order.
 */
export class ChildService {
  /** Settles when the child has ended; never rejects. */
  readonly exited: Promise<ChildExit>;
  private readonly child: ChildProcess;

  constructor(
    /** For people, e.g. `gateway`. */
    readonly name: string,
    entry: string,
    environment: NodeJS.ProcessEnv,
  ) {
    this.child = fork(entry, [], { env: environment, detached: true, stdio: 'inherit' });
    // A send or kill that fails later is answered by the exit; unheard, the event would end this process.
    this.child.on('error', () => undefined);
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
      this.child.once('error', () => resolve({ code: 127, signal: null }));
    });
  }

  /** Undefined when the system could not start it. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Waits at most `withinMs` until it serves, ends, or `signal` says to give up. */
  async ready(withinMs: number, signal: AbortSignal): Promise<Readiness> {
    const cleanups: (() => void)[] = [];
    const listening = new Promise<Readiness>((resolve) => {
      const hear = (message: unknown): void => {
        const url = listeningUrl(message);
        if (url !== undefined) resolve({ kind: 'listening', url });
      };
      this.child.on('message', hear);
      const timer = setTimeout(() => resolve({ kind: 'late' }), withinMs);
      const abort = (): void => resolve({ kind: 'aborted' });
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      cleanups.push(
        () => this.child.off('message', hear),
        () => clearTimeout(timer),
        () => signal.removeEventListener('abort', abort),
      );
    });
    const exited = this.exited.then((exit): Readiness => ({ kind: 'exited', exit }));
    try {
      return await Promise.race([listening, exited]);
    } finally {
      for (const cleanup of cleanups) cleanup();
    }
  }

  /** SIGTERM, and SIGKILL when it has not ended after `withinMs`. */
  async stop(withinMs: number): Promise<StopResult> {
    if (this.hasEnded()) return { kind: 'gone' };
    this.child.kill('SIGTERM');
    if (!(await eventually(() => this.hasEnded(), withinMs))) {
      this.child.kill('SIGKILL');
      await this.exited;
      return { kind: 'killed' };
    }
    const exit = await this.exited;
    return exit.code === 0 ? { kind: 'drained' } : { kind: 'failed', exit };
  }

  private hasEnded(): boolean {
    return this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** For people: `with code 1`, `by SIGKILL`. */
export function describeExit(exit: ChildExit): string {
  return exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`;
}

function listeningUrl(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, url } = message as { type?: unknown; url?: unknown };
  return type === 'listening' && typeof url === 'string' ? url : undefined;
}
