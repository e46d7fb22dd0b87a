import { createHmac } from 'node:crypto';
import http, { type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A hook as it came in. */
export interface ReceivedHook {
  path: string;
  headers: IncomingHttpHeaders;
  /** The exact bytes. */
  raw: string;
  task: { id: string; status: string; progress: string } & Record<string, unknown>;
  at: number;
}

/** A receiver on loopback that keeps every hook; `answer` decides the status of each. */
export class HookReceiver {
  readonly hooks: ReceivedHook[] = [];
  answer: (hook: ReceivedHook) => number = () => 200;

  private constructor(
    private readonly server: http.Server,
    readonly url: string,
  ) {}

  static async start(): Promise<HookReceiver> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new HookReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        const task = JSON.parse(raw) as ReceivedHook['task'];
        const hook = { path: request.url ?? '', headers: request.headers, raw, task, at: Date.now() };
        receiver.hooks.push(hook);
        response.statusCode = receiver.answer(hook);
        response.end();
      });
    });
    return receiver;
  }

  /** The hooks of one task, in the order they came. */
  of(taskId: string): ReceivedHook[] {
    return this.hooks.filter(({ task }) => task.id === taskId);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Checks a hook as Standard Webhooks says receivers should. */
export function isSignedBy(hook: ReceivedHook, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${String(hook.headers['webhook-id'])}.${String(hook.headers['webhook-timestamp'])}.${hook.raw}`;
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return String(hook.headers['webhook-signature']).split(' ').includes(expected);
}
