import { fork, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { newApiKey } from '../../libs/access/src/index.js';

const GATEWAY = resolve(import.meta.dirname, '../../dist/apps/gateway/src/main.js');

/** What makes a restarted gateway the same one: database, secrets, folder. */
export interface Installation {
  environment: Record<string, string>;
  key: string;
  remove(): Promise<void>;
}

/** Settings of a gateway that is started as a process of its own, from the build. */
export async function install(
  databaseUrl: string,
  upstreamUrl: string,
  more: Record<string, string> = {},
): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'journeyman-process-'));
  const key = newApiKey();
  const environment = {
    PATH: process.env['PATH'] ?? '',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    SECRET_KEY: randomBytes(32).toString('base64'),
    DATA_DIR: folder,
    API_KEY: key,
    UPSTREAM_URL: upstreamUrl,
    POLL_MIN_MS: '100',
    EGRESS_ALLOW: '127.0.0.0/8',
    ...more,
  };
  return { environment, key, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A running gateway process. */
export class GatewayProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly ended: Promise<number | null>,
    private readonly output: () => string,
  ) {}

  /**
   * Resolves when it listens; rejects with what it printed when it ends before.
   * @param descriptors how many it may have; as many as this process unless given
   */
  static async start({ environment }: Installation, descriptors?: number): Promise<GatewayProcess> {
    const child =
      descriptors === undefined
        ? fork(GATEWAY, { env: environment, silent: true })
        : spawn('/bin/sh', ['-c', `ulimit -n ${descriptors}; exec "$0" "$1"`, process.execPath, GATEWAY], {
            env: environment,
            stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
          });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    const url = await new Promise<string>((listening, failed) => {
      child.on('message', (message) => listening((message as { url: string }).url));
      void ended.then((code) => failed(new Error(`exit ${code}: ${printed.slice(-2_000)}`)));
    });
    return new GatewayProcess(child, url, ended, () => printed);
  }

  /** What it has printed so far. */
  get printed(): string {
    return this.output();
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Has it stand still, as a machine that has too much to do lets a process, until it is resumed. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Asks it to end, and waits for that. @throws Error with what it printed last when its exit code is not 0 */
  async stopCleanly(): Promise<void> {
    const code = await this.stop();
    if (code !== 0) throw new Error(`exit ${code}: ${this.printed.slice(-4_000)}`);
  }

  /** Asks it to end; gives its exit code. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}
