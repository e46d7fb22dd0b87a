import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** What a child tells its parent, besides answers: it listens, and where (none for one that serves nobody). */
interface Listening {
  type: 'listening';
  url: string;
}
interface Answer {
  type: 'answer';
  number: number;
  value?: unknown;
  error?: string;
}

export interface ChildOptions {
  /** Its whole environment. */
  environment?: Readonly<Record<string, string>>;
  /** What its program reads with `settingsOf`. */
  settings?: object;
  /** Of Node itself. */
  execArgv?: readonly string[];
}

const EXIT_LIMIT_MS = 25_000;
const KEPT_OUTPUT = 4_000;

/** A process of the bench: a gateway, a floor, an upstream, a receiver or a load generator. */
export class Child {
  private readonly pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private readonly ended: Promise<void>;
  private next = 0;
  private output = '';
  private isStopping = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-KEPT_OUTPUT)));
    }
    child.on('message', (message) => this.take(message as Listening | Answer));
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        const error = new Error(`${name} ended (${signal ?? `code ${code}`}): ${this.output}`);
        for (const { reject } of this.pending.values()) reject(error);
        this.pending.clear();
        if (!this.isStopping) process.stderr.write(`${error.message}\n`);
        resolve();
      });
    });
  }

  /** @param entry below test/bench, without extension. Resolves when the child listens; rejects when it ends before. */
  static async start(entry: string, options: ChildOptions = {}): Promise<{ child: Child; url: string }> {
    const { environment = {}, settings = {}, execArgv = [] } = options;
    const forked = fork(join(import.meta.dirname, `${entry}.js`), [JSON.stringify(settings)], {
      env: environment,
      execArgv: ['--enable-source-maps', ...execArgv],
      silent: true,
    });
    const child = new Child(forked, entry);
    const listening = new Promise<string>((resolve) => {
      forked.on('message', (message: Listening | Answer) => {
        if (message.type === 'listening') resolve(message.url);
      });
    });
    const url = await Promise.race([
      listening,
      child.ended.then(() => Promise.reject(new Error(`${entry} did not start: ${child.output}`))),
    ]);
    return { child, url };
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Has the child do something it offers, and gives what it answers. @throws Error with what it threw */
  ask<T>(what: string, value: unknown = null): Promise<T> {
    this.next += 1;
    const number = this.next;
    return new Promise<T>((resolve, reject) => {
      this.pending.set(number, { resolve: resolve as (value: unknown) => void, reject });
      this.child.send({ type: 'ask', number, what, value });
    });
  }

  /** SIGTERM, and the hard way after 25 s. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const limit = setTimeout(() => this.child.kill('SIGKILL'), EXIT_LIMIT_MS);
    this.child.kill('SIGTERM');
    await this.ended;
    clearTimeout(limit);
  }

  /** The end of what it printed. */
  get printed(): string {
    return this.output;
  }

  private take(message: Listening | Answer): void {
    if (message.type !== 'answer') return;
    const waiting = this.pending.get(message.number);
    this.pending.delete(message.number);
    if (message.error === undefined) waiting?.resolve(message.value);
    else waiting?.reject(new Error(`${this.name}: ${message.error}`));
  }
}
