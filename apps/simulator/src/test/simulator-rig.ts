import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- foreign JSON is what the specs look at
export type Json = Record<string, any>;
export type Headers = Record<string, string>;

export const ENDED = ['SUCCESS', 'FAILURE', 'CANCEL'];

/** A simulator in a folder of its own, and a client of its wire: what the integration specs work with. */
export class SimulatorRig {
  private dir = '';
  private simulator: Simulator | null = null;

  get url(): string {
    if (this.simulator === null) throw new Error('the simulator is not started');
    return this.simulator.url;
  }

  /** Starts it, or starts it again on the same folder. */
  async start(options: Partial<SimulatorOptions> = {}): Promise<void> {
    if (this.dir === '') this.dir = await mkdtemp(join(tmpdir(), 'simulator-'));
    this.simulator = await startSimulator({ dir: this.dir, runMs: 120, ...options });
  }

  async stop(): Promise<void> {
    await this.simulator?.close();
    this.simulator = null;
  }

  /** Stops it and removes its folder. */
  async end(): Promise<void> {
    await this.stop();
    if (this.dir !== '') await rm(this.dir, { recursive: true, force: true });
    this.dir = '';
  }

  send(path: string, body: unknown, headers: Headers = {}): Promise<Response> {
    const all = { 'content-type': 'application/json', ...headers };
    return fetch(`${this.url}${path}`, { method: 'POST', headers: all, body: JSON.stringify(body) });
  }

  async post(path: string, body: unknown, headers: Headers = {}): Promise<Json> {
    return (await (await this.send(path, body, headers)).json()) as Json;
  }

  read(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`);
  }

  async task(id: string): Promise<Json> {
    return (await (await this.read(`/mj/task/${id}/fetch`)).json()) as Json;
  }

  async listed(): Promise<Json[]> {
    return (await (await this.read('/mj/task/list')).json()) as Json[];
  }

  /** The task once it has ended. */
  async ended(id: string): Promise<Json> {
    for (;;) {
      const now = await this.task(id);
      if (ENDED.includes(now.status as string)) return now;
      await sleep(10);
    }
  }

  /** A finished imagine. */
  async imagine(prompt: string, more: Json = {}): Promise<Json> {
    const { result } = await this.post('/mj/submit/imagine', { prompt, ...more });
    return this.ended(result as string);
  }

  /** Presses the button with a label or an emoji. */
  press(parent: Json, label: string, more: Json = {}): Promise<Json> {
    const button = (parent.buttons as Json[]).find((each) => each.label === label || each.emoji === label);
    return this.post('/mj/submit/action', {
      taskId: parent.id as string,
      customId: button?.customId as string,
      ...more,
    });
  }

  /** The bytes behind a link. */
  async picture(url: string): Promise<Buffer> {
    const answer = await fetch(url);
    if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  }
}

/** A plain square as PNG. */
export const plainSquare = (side: number, background: string): Promise<Buffer> =>
  sharp({ create: { width: side, height: side, channels: 3, background } })
    .png()
    .toBuffer();

/** The mean difference of two pictures, 0..255, at 64 × 64. */
export async function difference(one: Buffer, other: Buffer): Promise<number> {
  const pixels = (bytes: Buffer): Promise<Buffer> =>
    sharp(bytes).resize(64, 64, { fit: 'fill' }).removeAlpha().raw().toBuffer();
  const [a, b] = [await pixels(one), await pixels(other)];
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}
