import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A receiver that answers with whatever bytes a script writes, and counts what it was sent and what was taken of it. */
export class RawReceiver {
  /** Requests that came in, on any connection. */
  requests = 0;
  /** Bytes that the other side's system took of the answers. */
  taken = 0;
  private readonly open = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  /** @param script called once a request has come in whole; closes the socket or leaves it open */
  static async start(script: (socket: Socket) => void): Promise<RawReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new RawReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connection', (socket) => receiver.serve(socket, script));
    return receiver;
  }

  /** Resolves when the other side has let go of every connection. */
  async drained(): Promise<void> {
    await Promise.all([...this.open].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  }

  async close(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket, script: (socket: Socket) => void): void {
    this.open.add(socket);
    let text = '';
    socket
      .on('error', () => undefined)
      .on('close', () => {
        this.open.delete(socket);
        this.taken += socket.bytesWritten - socket.writableLength;
      });
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0);
      if (head < 0 || text.length < head + 4 + length) return;
      text = text.slice(head + 4 + length);
      this.requests += 1;
      script(socket);
    });
  }
}

/** Writes until the other side has had enough. */
export function pour(socket: Socket, chunk: Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
}
