import net from 'node:net';
import { listen } from './http-server.js';

/**
 * One address in front of all gateways, for clients and for the pushes of the upstream: each new connection goes to the
 * next gateway in turn that takes it. What breaks behind it breaks in front of it too.
 */
export class Balancer {
  private ports: readonly number[] = [];
  private turn = 0;
  private readonly sockets = new Set<net.Socket>();

  private constructor(
    private readonly server: net.Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Balancer> {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true });
    const balancer = new Balancer(server, `http://127.0.0.1:${await listen(server)}`);
    server.on('connection', (client) => balancer.join(client));
    return balancer;
  }

  /** From now on connections go to these ports of loopback. */
  use(ports: readonly number[]): void {
    this.ports = ports;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: net.Socket): void {
    this.keep(client);
    const { ports } = this;
    this.turn += 1;
    this.connect(
      client,
      ports.map((_, at) => ports[(this.turn + at) % ports.length] ?? 0),
    );
  }

  /** Tries one port after the other; nothing of the client has been read until one took the connection. */
  private connect(client: net.Socket, [port, ...others]: readonly number[]): void {
    if (port === undefined || client.destroyed) {
      client.destroy();
      return;
    }
    const gateway = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const refused = (): void => this.connect(client, others);
    gateway.once('error', refused);
    gateway.once('connect', () => {
      gateway.off('error', refused);
      this.keep(gateway);
      client.once('close', () => gateway.destroy());
      gateway.once('close', () => client.destroy());
      client.pipe(gateway).pipe(client);
    });
  }

  private keep(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.sockets.delete(socket));
  }
}
