import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { isSignedBy } from '../support/hook-receiver.js';
import type { Arrival } from './history.js';
import { listen, readText } from './http-server.js';

/** `down`: connections are refused; `hanging`: no answer ever. */
export type ReceiverMode = 'healthy' | 'hanging' | 'down';

const TERMINAL: ReadonlySet<string> = new Set(['SUCCESS', 'FAILURE', 'CANCEL']);

/** One receiver on a port of its own, which is what the gateway tells hosts apart by. */
export class HookReceiver {
  private server: http.Server | null = null;
  private mode: ReceiverMode = 'down';
  private port = 0;

  constructor(
    readonly name: string,
    private readonly secret: string,
    private readonly secretWords: RegExp | null,
    private readonly arrived: (arrival: Arrival) => void,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}/${this.name}`;
  }

  /** Changes how it behaves from now on; it keeps its port. */
  async become(mode: ReceiverMode): Promise<void> {
    this.mode = mode;
    if (mode === 'down') return this.close();
    if (this.server !== null) return;
    const server = http.createServer((request, response) => {
      this.take(request, response).catch(() => response.destroy());
    });
    this.server = server;
    this.port = await listen(server, this.port);
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await readText(request);
    if (this.mode === 'hanging') return;
    const task = JSON.parse(raw) as { id: string; status: string; progress: string };
    const at = Date.now();
    const { headers } = request;
    const isSigned = isSignedBy({ path: request.url ?? '', headers, raw, task, at }, this.secret);
    this.arrived({
      taskId: task.id,
      seq: Number(headers['x-mj-seq']),
      webhookId: String(headers['webhook-id']),
      terminal: TERMINAL.has(task.status),
      isSigned,
      receiver: this.name,
      leak: this.secretWords?.exec(raw)?.[0] ?? null,
      at,
    });
    response.statusCode = 204;
    response.end();
  }
}

/** Receivers and all that arrived at them. */
export class HookReceivers {
  readonly arrivals: Arrival[] = [];
  private readonly receivers: HookReceiver[] = [];

  /** `secretWords`: nothing that matches may be told. */
  constructor(
    private readonly secret: string,
    private readonly secretWords: RegExp | null = null,
  ) {}

  /** Starts so many more healthy ones. */
  async add(count: number, prefix: string): Promise<HookReceiver[]> {
    const added = Array.from(
      { length: count },
      (_, at) =>
        new HookReceiver(`${prefix}-${at}`, this.secret, this.secretWords, (arrival) => this.arrivals.push(arrival)),
    );
    for (const receiver of added) await receiver.become('healthy');
    this.receivers.push(...added);
    return added;
  }

  async close(): Promise<void> {
    await Promise.all(this.receivers.map((receiver) => receiver.close()));
  }
}
