import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** Which connection it came on, counted from 1. */
  connection: number;
  socket: Socket;
}

export type Script = (received: Received, response: ServerResponse) => void;

/** Answers with JSON, or with a text as it stands. */
export function reply(body: unknown, status = 200, headers: Record<string, string> = {}): Script {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (_received, response) => void response.writeHead(status, headers).end(text);
}

/** An upstream on loopback that does what a script says and keeps what it was sent. */
export class ScriptedServer {
  readonly received: Received[] = [];
  script: Script = reply({ code: 1, result: '17' });
  /** Connections since the start, also such as sent nothing. */
  connections = 0;
  private readonly open = new Map<Socket, number>();

  private constructor(private readonly server: Server) {
    // Longer than the adapter keeps any: who ends an idle connection is then known.
    server.keepAliveTimeout = 60_000;
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.open.set(socket, this.connections);
      socket.on('error', () => undefined).on('close', () => this.open.delete(socket));
    });
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => undefined);
      request.on('end', () => {
        const { method = '', url = '', headers, socket } = request;
        const connection = this.open.get(socket) ?? 0;
        const received = { method, path: url, headers, body: Buffer.concat(chunks).toString(), connection, socket };
        this.received.push(received);
        this.script(received, response);
      });
    });
  }

  static async start(): Promise<ScriptedServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ScriptedServer(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Bodies by how often they came. */
  timesSeen(): Map<string, number> {
    const times = new Map<string, number>();
    for (const { body } of this.received) times.set(body, (times.get(body) ?? 0) + 1);
    return times;
  }

  /** Resolves once the other side has let go of every connection. */
  async drained(): Promise<void> {
    await Promise.all([...this.open.keys()].map((socket) => new Promise((resolve) => socket.on('close', resolve))));
  }

  async close(): Promise<void> {
    const closed = this.server.listening ? once(this.server, 'close') : undefined;
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
