import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTP server on loopback that answers each path as set, counts its requests and knows which were broken off. */
export class OriginServer {
  readonly hits = new Map<string, number>();
  /** Paths of answers whose connection was closed before they ended. */
  readonly brokenOff: string[] = [];
  private readonly answers = new Map<string, Answer>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  static async start(): Promise<OriginServer> {
    const origin = new OriginServer();
    await new Promise<void>((resolve) => origin.server.listen(0, '127.0.0.1', resolve));
    return origin;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers `path` from now on like this; gives its URL. */
  on(path: string, answer: Answer): string {
    this.answers.set(path, answer);
    return this.url + path;
  }

  /** Answers `path` with these bytes. */
  serve(path: string, body: Buffer, headers: Record<string, string> = { 'content-type': 'image/png' }): string {
    return this.on(path, (_, response) => response.writeHead(200, headers).end(body));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    this.hits.set(path, (this.hits.get(path) ?? 0) + 1);
    response.on('close', () => {
      if (!response.writableFinished) this.brokenOff.push(path);
    });
    const answer = this.answers.get(path);
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  }
}
