import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A submit as the upstream got it. */
export interface ReceivedSubmit {
  path: string;
  headers: http.IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** What the upstream does with a submit: answers JSON, or whatever the function does to the response. */
export type SubmitScript = (submit: ReceivedSubmit, response: ServerResponse) => unknown;

/** What it does when asked about one task; undefined: the script has ended the response itself. */
export type TaskScript = (upstreamTaskId: string, response: ServerResponse) => unknown;

type UpstreamTask = { id: string } & Record<string, unknown>;

let nextId = 1_795_000_000_000_000;

/**
 * An upstream in the hands of a test: `onSubmit` answers submits, `tasks` are what it lists. By itself it accepts
 * everything, and no task ever moves on.
 */
export class ScriptedUpstream {
  readonly submits: ReceivedSubmit[] = [];
  readonly tasks = new Map<string, UpstreamTask>();
  polls = 0;
  /** Upstream ids whose seed was asked for, and which were to be cancelled. */
  readonly seeds: string[] = [];
  readonly cancels: string[] = [];
  onSeed: TaskScript = () => ({ code: 1, description: '成功', result: '1234567890' });
  onCancel: TaskScript = () => ({ code: 1, description: '成功' });
  /** Served under every path that ends in .png. */
  picture: Buffer | null = null;
  onSubmit: SubmitScript = (submit) => ({
    code: 1,
    description: '提交成功',
    result: this.accept(submit).id,
    properties: {},
  });
  onPoll: (ids: string[], response: ServerResponse) => unknown = (ids) =>
    ids.map((id) => this.tasks.get(id)).filter((task) => task !== undefined);

  private constructor(
    private readonly server: http.Server,
    readonly url: string,
  ) {}

  static async start(): Promise<ScriptedUpstream> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const upstream = new ScriptedUpstream(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => void upstream.handle(request, response));
    return upstream;
  }

  /** Makes a task of a submit, as an accepting upstream does. */
  accept({ body }: ReceivedSubmit, fields: Record<string, unknown> = {}): UpstreamTask {
    const id = String((nextId += 1));
    const task = {
      id,
      action: 'IMAGINE',
      status: 'SUBMITTED',
      progress: '0%',
      submitTime: Date.now(),
      state: body['state'],
      ...this.drawn(fields),
    };
    this.tasks.set(id, task);
    return task;
  }

  /** Changes what a task looks like from now on. */
  show(id: string, fields: Record<string, unknown>): void {
    this.tasks.set(id, { ...(this.tasks.get(id) ?? { id }), ...this.drawn(fields), id });
  }

  /** What is done has a picture, unless a test says otherwise. */
  private drawn(fields: Record<string, unknown>): Record<string, unknown> {
    return fields['status'] === 'SUCCESS' ? { imageUrl: `${this.url}/drawn.png`, ...fields } : fields;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const path = request.url ?? '';
    if (this.picture !== null && path.endsWith('.png'))
      return void response.setHeader('content-type', 'image/png').end(this.picture);
    const answer = this.route(path, { path, headers: request.headers, body }, response);
    if (response.writableEnded || response.destroyed || answer === undefined) return;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  }

  private route(path: string, submit: ReceivedSubmit, response: ServerResponse): unknown {
    if (path.startsWith('/mj/submit/') || path === '/mj/insight-face/swap') {
      this.submits.push(submit);
      return this.onSubmit(submit, response);
    }
    if (path === '/mj/task/list-by-condition') {
      this.polls += 1;
      return this.onPoll(submit.body['ids'] as string[], response);
    }
    if (path === '/mj/task/list') return [...this.tasks.values()].reverse();
    const [, asked = '', what] = /^\/mj\/task\/([^/]+)\/(image-seed|cancel)$/.exec(path) ?? [];
    if (what === 'image-seed') return (this.seeds.push(asked), this.onSeed(asked, response));
    if (what === 'cancel') return (this.cancels.push(asked), this.onCancel(asked, response));
    const id = /^\/mj\/task\/([^/]+)\/fetch$/.exec(path)?.[1] ?? '';
    const task = this.tasks.get(id);
    if (task === undefined) response.statusCode = 404;
    return task ?? {};
  }
}
