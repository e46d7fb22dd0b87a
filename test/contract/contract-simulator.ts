import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../apps/simulator/src/simulator.js';

export type Json = Record<string, unknown>;

/** A simulator in a folder of its own, and its wire, which a bench speaks past the adapter. */
export class ContractSimulator {
  private constructor(
    private readonly simulator: Simulator,
    private readonly dir: string,
    private readonly headers: Record<string, string>,
  ) {}

  /**
   * Starts one whose work ends at once and which has room for 200 tasks.
   * @param headers those by which it admits a client
   */
  static async start(
    secret: string,
    headers: Record<string, string>,
    options: Partial<SimulatorOptions> = {},
  ): Promise<ContractSimulator> {
    const dir = await mkdtemp(join(tmpdir(), 'contract-simulator-'));
    const simulator = await startSimulator({ dir, secret, runMs: 0, concurrency: 200, ...options });
    return new ContractSimulator(simulator, dir, headers);
  }

  get url(): string {
    return this.simulator.url;
  }

  /** Calls a path with GET, or with POST where there is a body; gives the JSON of the answer. */
  async call(path: string, body?: Json): Promise<Json> {
    const answer = await fetch(this.simulator.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...this.headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as Json;
  }

  async close(): Promise<void> {
    await this.simulator.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}
