import { fork, type ChildProcess } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { samplesOf, type Sample } from '../support/exposition.js';
import type { MemoryLimit } from './memory-limit.js';
import { sharesOf, type Shares } from './shares.js';

const ENTRY = join(import.meta.dirname, '../../apps/gateway/src/main.js');
const KEPT_OUTPUT = 8_000;
const EXIT_LIMIT_MS = 40_000;
const PROBE_MS = 10_000;

/** The one gateway process that is besieged: the production build with the production flags. */
export class Victim {
  private output = '';
  /** How it ended; null while it runs. */
  exit: string | null = null;
  private readonly ended: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly adminKey: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-KEPT_OUTPUT)));
    }
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.exit = signal ?? `code ${code}`;
        resolve();
      });
    });
  }

  /** Resolves when it listens. @throws Error with what it printed when it ends before */
  static async start(environment: Readonly<Record<string, string>>, limit: MemoryLimit): Promise<Victim> {
    const child = fork(ENTRY, { env: environment, silent: true, execArgv: ['--max-semi-space-size=32'] });
    await limit.add(child.pid ?? 0);
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-KEPT_OUTPUT)));
    const url = await new Promise<string>((listening, failed) => {
      child.on('message', (message) => listening((message as { url: string }).url));
      child.once('exit', (code) => failed(new Error(`the gateway did not start (${code}): ${printed}`)));
    });
    return new Victim(child, url, environment['ADMIN_KEY'] ?? '');
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** The end of what it logged. */
  get printed(): string {
    return this.output;
  }

  /** HTTP status of /health/ready; 0 when there is no answer within 10 s. */
  async readiness(): Promise<number> {
    try {
      const answer = await request(`${this.url}/health/ready`, { signal: AbortSignal.timeout(PROBE_MS) });
      await answer.body.dump();
      return answer.statusCode;
    } catch {
      return 0;
    }
  }

  /** Everything that requests, streams and hooks hold now, and the descriptors of the process. */
  async shares(): Promise<Shares> {
    return { ...sharesOf(await this.samples()), descriptors: await this.descriptors() };
  }

  /** The whole of /metrics. @throws Error when it is not answered */
  async samples(): Promise<Sample[]> {
    const answer = await request(`${this.url}/metrics`, {
      headers: { authorization: `Bearer ${this.adminKey}`, connection: 'close' },
      signal: AbortSignal.timeout(PROBE_MS),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`/metrics: ${answer.statusCode}`);
    return samplesOf(text);
  }

  /** SIGTERM, and the hard way after 40 s. */
  async stop(): Promise<void> {
    const limit = setTimeout(() => this.child.kill('SIGKILL'), EXIT_LIMIT_MS);
    this.child.kill('SIGTERM');
    await this.ended;
    clearTimeout(limit);
  }

  /** Threads of the process; 0 where there is no /proc. */
  async threads(): Promise<number> {
    return (await readdir(`/proc/${this.pid}/task`).catch(() => [])).length;
  }

  private async descriptors(): Promise<number> {
    return (await readdir(`/proc/${this.pid}/fd`).catch(() => [])).length;
  }
}
