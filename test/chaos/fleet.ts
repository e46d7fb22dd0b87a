import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Balancer } from './balancer.js';
import type { UnexpectedExit } from './history.js';

const ENTRY = join(import.meta.dirname, 'gateway-main.js');
/** Of what a gateway prints, so much is kept for the report, characters. */
const KEPT_OUTPUT = 4_000;
const EXIT_LIMIT_MS = 40_000;

/** A gateway process. */
export class Gateway {
  port: number | null = null;
  output = '';
  isPaused = false;
  /** Set when the rig does what ends it; an end without is a finding. */
  end: 'killed' | 'stopped' | null = null;
  readonly ended: Promise<void>;
  exit: { code: number | null; signal: NodeJS.Signals | null } | null = null;

  constructor(
    readonly name: string,
    readonly child: ChildProcess,
    /** It kills itself at a failpoint. */
    readonly diesByItself: boolean,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-KEPT_OUTPUT)));
    }
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.exit = { code, signal };
        resolve();
      });
    });
  }

  get isUp(): boolean {
    return this.port !== null && this.exit === null && this.end === null && !this.isPaused;
  }
}

/** The gateways of one scenario: starts, kills, pauses and stops them, and notices when one ends unasked. */
export class Fleet {
  readonly exits: UnexpectedExit[] = [];
  readonly counts = { starts: 0, kills: 0, stops: 0, pauses: 0 };
  private readonly gateways: Gateway[] = [];

  constructor(
    private readonly environment: Readonly<Record<string, string>>,
    private readonly balancer: Balancer,
  ) {
    // One that stands still would outlive the rig.
    process.once('exit', () => this.destroy());
  }

  /** Those that serve now. */
  up(): Gateway[] {
    return this.gateways.filter(({ isUp }) => isUp);
  }

  /** Starts one more; resolves when it listens, or has ended before. */
  async start(more: Readonly<Record<string, string>> = {}): Promise<Gateway> {
    this.counts.starts += 1;
    const child = fork(ENTRY, { env: { ...this.environment, ...more }, silent: true });
    const gateway = new Gateway(`gateway ${this.counts.starts}`, child, 'CHAOS_FAILPOINT' in more);
    this.gateways.push(gateway);
    void gateway.ended.then(() => this.judge(gateway));
    const listening = new Promise<void>((resolve) => {
      child.on('message', (message) => {
        gateway.port = Number(new URL((message as { url: string }).url).port);
        resolve();
      });
    });
    await Promise.race([listening, gateway.ended]);
    this.route();
    return gateway;
  }

  /** kill -9, also of one that has not come up yet. */
  async kill(gateway: Gateway): Promise<void> {
    this.counts.kills += 1;
    gateway.end ??= 'killed';
    gateway.child.kill('SIGKILL');
    await gateway.ended;
  }

  /** SIGTERM, after the balancer sends it nothing more. Gives how long it took, ms. */
  async stop(gateway: Gateway): Promise<number> {
    this.counts.stops += 1;
    gateway.end ??= 'stopped';
    this.route();
    const began = performance.now();
    const limit = setTimeout(() => gateway.child.kill('SIGKILL'), EXIT_LIMIT_MS);
    gateway.child.kill('SIGTERM');
    await gateway.ended;
    clearTimeout(limit);
    return Math.round(performance.now() - began);
  }

  /** SIGSTOP: the process stands still and does not know it. Connections to it stay open. */
  pause(gateway: Gateway): void {
    this.counts.pauses += 1;
    gateway.child.kill('SIGSTOP');
    gateway.isPaused = true;
    this.route();
  }

  resume(gateway: Gateway): void {
    gateway.child.kill('SIGCONT');
    gateway.isPaused = false;
    this.route();
  }

  /** Stops all that are left, orderly. */
  async stopAll(): Promise<void> {
    await Promise.all(this.gateways.filter(({ exit }) => exit === null).map((gateway) => this.stop(gateway)));
  }

  /** Ends all at once; only to clear away. */
  destroy(): void {
    for (const gateway of this.gateways.filter(({ exit }) => exit === null)) {
      gateway.end ??= 'killed';
      gateway.child.kill('SIGKILL');
    }
  }

  private route(): void {
    this.balancer.use(this.up().map(({ port }) => port ?? 0));
  }

  private judge(gateway: Gateway): void {
    this.route();
    const { exit, end, name, diesByItself, output } = gateway;
    const byFailpoint = diesByItself && exit?.signal === 'SIGKILL';
    const asAsked = end === 'killed' || (end === 'stopped' && exit?.code === 0);
    if (byFailpoint || asAsked) return;
    const how = `${exit?.signal ?? `code ${exit?.code}`}${end === null ? '' : ` after it was ${end}`}`;
    this.exits.push({ process: name, how, output: output.slice(-1_500) });
  }
}
