import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { GoodReport } from './good-record.js';

const ENTRY = join(import.meta.dirname, 'good-client-main.js');
/** The good client has an address to itself, so that limits by address tell it from the attackers. */
const ADDRESS = '127.0.0.2';

/** A client that does ordinary work all the time, in a process of its own so that its times are its own. */
export class GoodClient {
  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<void>,
  ) {}

  static async start(url: string, key: string): Promise<GoodClient> {
    const child = fork(ENTRY, [JSON.stringify({ url, key, address: ADDRESS })], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    await new Promise<void>((ready, failed) => {
      child.once('message', () => ready());
      void ended.then(() => failed(new Error('the good client did not start')));
    });
    return new GoodClient(child, ended);
  }

  /** What it saw since it was last asked. */
  report(): Promise<GoodReport> {
    return new Promise((resolve) => {
      this.child.once('message', (message) => resolve((message as { report: GoodReport }).report));
      this.child.send('report');
    });
  }

  async stop(): Promise<void> {
    if (this.child.connected) this.child.send('stop');
    await this.ended;
  }
}
