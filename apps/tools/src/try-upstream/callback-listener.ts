import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

export interface Called {
  /** Path and query. */
  path: string;
  headers: readonly string[];
}

/** Takes calls of an upstream: answers the first one 500, so that it shows whether it calls again, and all others 200. */
export class CallbackListener {
  readonly calls: Called[] = [];
  private server: Server | null = null;

  async start(port: number): Promise<void> {
    const server = createServer((request, response) => {
      this.calls.push({ path: request.url ?? '', headers: Object.keys(request.headers) });
      request.resume();
      response.writeHead(this.calls.length === 1 ? 500 : 200).end();
    });
    this.server = server;
    server.listen(port);
    await once(server, 'listening');
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}
