import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What is done with a socket once a request has come in whole; leaving it alone hangs. */
export type Script = (socket: Socket) => void;

/** Receivers on many ports of one address that all behave alike, and count what they hold open. */
export class ManyPorts {
  /** Requests that came in whole. */
  requests = 0;
  /** Most connections that were open at one moment. */
  mostOpen = 0;
  /** Ports that were sent something. */
  readonly called = new Set<number>();
  private readonly open = new Set<Socket>();

  private constructor(
    private readonly servers: readonly Server[],
    readonly address: string,
    private script: Script,
  ) {}

  /** Opens this many ports. They hang unless given. */
  static async open(count: number, script: Script = () => undefined, address = '127.0.0.1'): Promise<ManyPorts> {
    const servers = Array.from({ length: count }, () => createServer());
    await Promise.all(servers.map((server) => new Promise<void>((done) => server.listen(0, address, done))));
    const ports = new ManyPorts(servers, address, script);
    for (const server of servers) server.on('connection', (socket) => ports.serve(socket));
    return ports;
  }

  get ports(): number[] {
    return this.servers.map((server) => (server.address() as AddressInfo).port);
  }

  /** One URL for each port. @param name instead of the address */
  urls(name: (index: number) => string = () => this.address): string[] {
    return this.ports.map((port, index) => `http://${name(index)}:${port}/`);
  }

  /** Connections that are open now. */
  get openNow(): number {
    return this.open.size;
  }

  /** From now on they do this, and those that hang do it at once. */
  change(script: Script): void {
    this.script = script;
    for (const socket of this.open) script(socket);
  }

  async close(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await Promise.all(this.servers.map((server) => new Promise((done) => server.close(done))));
  }

  private serve(socket: Socket): void {
    this.open.add(socket);
    this.mostOpen = Math.max(this.mostOpen, this.open.size);
    let text = '';
    socket.on('error', () => undefined).on('close', () => this.open.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0);
      if (head < 0 || text.length < head + 4 + length) return;
      text = text.slice(head + 4 + length);
      this.requests += 1;
      this.called.add(socket.localPort ?? 0);
      this.script(socket);
    });
  }
}

/** Answers with this status, after `ms`. */
export const answer =
  (status: number, ms = 0): Script =>
  (socket) => {
    const write = (): void => void socket.write(`HTTP/1.1 ${status} x\r\ncontent-length: 0\r\n\r\n`);
    if (ms === 0) write();
    else setTimeout(write, ms);
  };
