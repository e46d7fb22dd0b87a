import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedHook {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The bytes of the body as they came. */
  raw: Buffer;
  /** Answers it; without a call it hangs. */
  answer: (status: number, headers?: Record<string, string>, body?: string | Buffer) => void;
}

type Behaviour = (hook: ReceivedHook) => void;

const ok: Behaviour = (hook) => hook.answer(200);

/** A receiver of hooks on loopback that keeps the requests it gets, and answers 200 unless a test sets its behaviour. */
export class Receiver {
  readonly hooks: ReceivedHook[] = [];
  behaviour: Behaviour = ok;
  /** Most requests that were unanswered at one moment. */
  mostAtOnce = 0;
  private open = 0;

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(): Promise<Receiver> {
    // By Node's default of 5 s a loaded machine closes connections that the sender is about to use again.
    const server = createServer({ keepAliveTimeout: 60_000 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const raw = Buffer.concat(chunks);
        const body = raw.toString('utf8');
        receiver.take({ path: request.url ?? '', headers: request.headers, body, raw }, response);
      });
    });
    return receiver;
  }

  bodies(): string[] {
    return this.hooks.map(({ body }) => body);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(request: Omit<ReceivedHook, 'answer'>, response: ServerResponse): void {
    this.open += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.open);
    response.on('close', () => (this.open -= 1));
    const hook: ReceivedHook = {
      ...request,
      answer: (status, headers = {}, body = '') => response.writeHead(status, headers).end(body),
    };
    this.hooks.push(hook);
    this.behaviour(hook);
  }
}
