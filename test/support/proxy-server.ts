import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A proxy on loopback that remembers what it was asked for. Whatever host it is asked for, it leads to 127.0.0.1. */
export class ProxyServer {
  /** `host:port` of every CONNECT, in their order. */
  readonly asked: string[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** Hosts that it does not get through to. */
  readonly unreachable = new Set<string>();
  /** What it answers instead of 200; 0: nothing at all. */
  answers = 200;
  private readonly open = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly scheme: 'http' | 'https',
  ) {
    server.on('connection', (socket: Socket) => this.keep(socket));
    server.on('connect', (request: IncomingMessage, socket: Socket) => this.onConnect(request, socket));
  }

  /** @param certificate PEM, with its key: the proxy itself speaks TLS */
  static async start(certificate?: { cert: string; key: string }): Promise<ProxyServer> {
    const server = certificate === undefined ? createHttp() : createHttps(certificate);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ProxyServer(server, certificate === undefined ? 'http' : 'https');
  }

  url(credentials = ''): string {
    const { port } = this.server.address() as AddressInfo;
    return `${this.scheme}://${credentials === '' ? '' : `${credentials}@`}127.0.0.1:${port}`;
  }

  /** Resolves when no connection is left. */
  async drained(): Promise<void> {
    await Promise.all([...this.open].map((socket) => new Promise((resolve) => socket.on('close', resolve))));
  }

  async close(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private onConnect({ url = '', headers }: IncomingMessage, socket: Socket): void {
    this.asked.push(url);
    this.authorizations.push(headers['proxy-authorization']);
    const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(url) ?? [];
    if (this.answers === 0) return void socket.resume().on('end', () => socket.end());
    const status = this.unreachable.has(host) ? 502 : this.answers;
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const target = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    this.keep(target);
    target.on('close', () => socket.destroy());
    socket.on('close', () => target.destroy());
  }

  private keep(socket: Socket): void {
    this.open.add(socket);
    socket.on('error', () => undefined).on('close', () => this.open.delete(socket));
  }
}
