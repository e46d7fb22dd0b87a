import { once } from 'node:events';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type LookupFunction, type Server, type Socket } from 'node:net';

/** A server on a loopback port of the system's choice that remembers every connection it saw. */
export class Loopback {
  /** Connections since the start, also such as sent nothing. */
  connections = 0;
  private readonly open = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly scheme: 'http' | 'https',
  ) {
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.open.delete(socket));
    });
  }

  static http(handler: RequestListener): Promise<Loopback> {
    return new Loopback(createHttp(handler), 'http').listen();
  }

  /** @param certificate PEM, with its key */
  static https(certificate: { cert: string; key: string }, handler: RequestListener): Promise<Loopback> {
    const server = createHttps(certificate, handler).on('tlsClientError', () => undefined);
    return new Loopback(server, 'https').listen();
  }

  /** A server that does with each socket what a script says. */
  static tcp(script: (socket: Socket) => void): Promise<Loopback> {
    return new Loopback(createTcp(script), 'http').listen();
  }

  /** A server that takes connections and never says a word. */
  static silent(): Promise<Loopback> {
    // A socket that is not read from would not notice its end either.
    return Loopback.tcp((socket) => socket.resume());
  }

  /** A server that answers the first data on each connection with these bytes and leaves it open. */
  static raw(...parts: (string | Buffer)[]): Promise<Loopback> {
    return Loopback.tcp((socket) => {
      socket.once('data', () => parts.forEach((part) => socket.write(part)));
      socket.resume();
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `${this.scheme}://127.0.0.1:${this.port}`;
  }

  /** A URL by name instead of by address. */
  url(host: string, path = '/'): string {
    return `${this.scheme}://${host}:${this.port}${path}`;
  }

  /** Resolves when no connection is left: the other side let go of all of them. */
  async drained(): Promise<void> {
    await Promise.all([...this.open].map((socket) => new Promise((resolve) => socket.on('close', resolve))));
  }

  async close(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private async listen(): Promise<Loopback> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }
}

/** A resolver with fixed answers that counts the questions. A name it does not know does not exist. */
export class Names {
  questions: string[] = [];

  constructor(private readonly answers: Record<string, readonly string[] | (() => readonly string[])>) {}

  readonly lookup: LookupFunction = (hostname, _options, done) => {
    this.questions.push(hostname);
    const known = this.answers[hostname];
    setImmediate(() => {
      if (known === undefined) return done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
      const addresses = typeof known === 'function' ? known() : known;
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    });
  };
}
