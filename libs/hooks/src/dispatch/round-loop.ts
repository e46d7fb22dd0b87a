/**
 * What a round of the dispatcher does; each mode does all that the modes before it do.
 *
 * - `idle`: nothing is asked for, no round runs.
 * - `refill`: releases first deliveries; claims if one of the keys is below its low watermark.
 * - `claim`: claims what is due, in a backlog by one statement.
 * - `sweep`: claims the due probes too, goes through a backlog as far as there is room, gives old claims back, and defers
 *   deliveries of failing hosts.
 */
export type RoundMode = (typeof MODES)[number];

const MODES = ['idle', 'refill', 'claim', 'sweep'] as const;

/** @param keys for `refill`: the keys of which a try has ended */
export type RunRound = (mode: RoundMode, keys: readonly string[]) => Promise<void>;

/** Runs rounds one at a time: requests that come while a round runs are merged into one more round, of their highest mode. */
export class RoundLoop {
  private mode: RoundMode = 'idle';
  private readonly keys = new Set<string>();
  private running: Promise<void> | null = null;
  private isStopped = false;

  /** @param runRound must not reject */
  constructor(private readonly runRound: RunRound) {}

  /** Asks for a round of this mode. */
  request(mode: RoundMode): void {
    if (MODES.indexOf(mode) > MODES.indexOf(this.mode)) this.mode = mode;
    this.start();
  }

  /** Asks for a round that claims if the key has too little ready. */
  refill(apiKeyId: string): void {
    this.keys.add(apiKeyId);
    this.request('refill');
  }

  /** Begins no more rounds and waits for the one that runs. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private start(): void {
    if (this.isStopped || this.running !== null) return;
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.mode !== 'idle') this.start();
    });
  }

  private async run(): Promise<void> {
    while (this.mode !== 'idle' && !this.isStopped) {
      const { mode } = this;
      const keys = [...this.keys];
      this.mode = 'idle';
      this.keys.clear();
      await this.runRound(mode, keys);
    }
  }
}
