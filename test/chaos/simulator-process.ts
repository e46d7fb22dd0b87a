import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ENTRY = join(import.meta.dirname, '../../apps/simulator/src/main.js');

export interface SimulatorSettings {
  /** Keeps its books; they outlive its process. */
  dir: string;
  secret: string;
  /** How long an imagine runs, ms. */
  runMs: number;
  /** Tasks of one dialect that run at once. */
  concurrency: number;
}

/** A simulator in a process of its own, which can be killed and started again on the same books. */
export class SimulatorProcess {
  private child: ChildProcess | null = null;
  private listening = '';

  constructor(readonly settings: SimulatorSettings) {}

  /** Where it listens, after each start; empty before the first. */
  get url(): string {
    return this.listening;
  }

  get isUp(): boolean {
    return this.child !== null;
  }

  /** Resolves when it listens. @throws Error when it ends before */
  async start(): Promise<void> {
    const { dir, secret, runMs, concurrency } = this.settings;
    const env = {
      PATH: process.env['PATH'] ?? '',
      SIMULATOR_PORT: this.listening === '' ? '0' : new URL(this.listening).port,
      SIMULATOR_DIR: dir,
      SIMULATOR_SECRET: secret,
      SIMULATOR_RUN_MS: String(runMs),
      SIMULATOR_CONCURRENCY: String(concurrency),
      SIMULATOR_QUEUE: String(concurrency),
    };
    const child = fork(ENTRY, { env, silent: true });
    this.child = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += String(chunk)));
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error(`a simulator could not start: ${output.slice(-500)}`)));
      child.once('message', (message) => {
        this.listening = (message as { url: string }).url;
        resolve();
      });
    });
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}
