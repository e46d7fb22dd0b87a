import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A client's connection and the one to the server behind it. */
interface Pair {
  client: Socket;
  server: Socket;
  /** Bytes of answers that reached the client. */
  answered: number;
  /** Its next answer is lost, and it with it. */
  isDoomed: boolean;
}

/** A TCP proxy in front of Postgres or an upstream that spoils the link as told. */
export class ToxicProxy {
  /** What each piece of an answer is late by, ms. */
  latencyMs = 0;
  /** Answer bytes after which a connection is reset; null: none. */
  cutAfterBytes: number | null = null;
  /** How many answers were lost by `loseAnswerTo`. */
  lost = 0;
  /** How many connections may be open at once; more are reset. */
  maxConnections = Infinity;
  private readonly pairs = new Set<Pair>();
  private losing: { text: string; times: number } | null = null;
  private isFrozen = false;
  private isDown = false;

  private constructor(
    private readonly listener: Server,
    /** The URL given, by way of this proxy. */
    readonly url: string,
    target: { host: string; port: number },
  ) {
    listener.on('connection', (client: Socket) => this.join(client, target));
  }

  static async start(targetUrl: string): Promise<ToxicProxy> {
    const url = new URL(targetUrl);
    const target = { host: url.hostname, port: Number(url.port) };
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    url.hostname = '127.0.0.1';
    url.port = String((listener.address() as AddressInfo).port);
    return new ToxicProxy(listener, url.toString().replace(/\/$/, ''), target);
  }

  /** What next sends `text` is answered by the server, and its client gets a reset instead of the answer. */
  loseAnswerTo(text: string, times = 1): void {
    this.losing = { text, times };
  }

  /** From now on connections stay open and carry nothing, in either direction. */
  freeze(): void {
    this.isFrozen = true;
    this.each(({ client, server }) => [client, server].forEach((socket) => socket.pause()));
  }

  /** Every connection is reset, and new ones too. */
  down(): void {
    this.isDown = true;
    this.each(reset);
  }

  /** All is well again. */
  heal(): void {
    this.latencyMs = 0;
    this.cutAfterBytes = null;
    this.maxConnections = Infinity;
    this.losing = null;
    this.isDown = this.isFrozen = false;
    this.each(({ client, server }) => [client, server].forEach((socket) => socket.resume()));
  }

  async close(): Promise<void> {
    this.isDown = true;
    this.each(reset);
    await new Promise((done) => this.listener.close(done));
  }

  private join(client: Socket, target: { host: string; port: number }): void {
    client.on('error', () => undefined);
    if (this.isDown || this.pairs.size >= this.maxConnections) return void client.resetAndDestroy();
    const server = connect(target);
    const pair: Pair = { client, server, answered: 0, isDoomed: false };
    this.pairs.add(pair);
    server.on('error', () => client.resetAndDestroy());
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('close', () => {
        this.pairs.delete(pair);
        other.destroy();
      });
      if (this.isFrozen) socket.pause();
    }
    client.on('data', (chunk: Buffer) => {
      if (this.losing?.text !== undefined && chunk.includes(this.losing.text)) this.doom(pair);
      server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => this.answer(pair, chunk));
  }

  private doom(pair: Pair): void {
    pair.isDoomed = true;
    if (this.losing !== null && (this.losing.times -= 1) === 0) this.losing = null;
  }

  private answer(pair: Pair, chunk: Buffer): void {
    if (pair.isDoomed) {
      this.lost += 1;
      return reset(pair);
    }
    if (this.latencyMs === 0) return this.pass(pair, chunk);
    // Of equal delay, timers fire in the order they were set.
    setTimeout(() => this.pass(pair, chunk), this.latencyMs);
  }

  private pass(pair: Pair, chunk: Buffer): void {
    const room = this.cutAfterBytes === null ? chunk.length : Math.max(0, this.cutAfterBytes - pair.answered);
    pair.answered += chunk.length;
    if (chunk.length <= room) return void pair.client.write(chunk);
    pair.client.write(chunk.subarray(0, room), () => reset(pair));
  }

  private each(work: (pair: Pair) => void): void {
    for (const pair of [...this.pairs]) work(pair);
  }
}

function reset({ client, server }: Pair): void {
  client.resetAndDestroy();
  server.destroy();
}
