import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import sharp from 'sharp';
import { chooseFault, NO_FAULTS, takesIn, type Fault, type FaultRates } from './faults.js';
import { listen, readJson, sendJson } from './http-server.js';
import type { RigUpstream, UpstreamBooks } from './rig-upstream.js';
import { FULL_DIALECT, UpstreamTasks, type UpstreamDialect, type UpstreamTask } from './upstream-tasks.js';

export interface UpstreamOptions {
  random: () => number;
  dialect?: UpstreamDialect;
  /** How long work takes, ms; each task draws between. */
  workMs: readonly [number, number];
  /** The picture of a task by its prompt; a small one for all unless given, and where it gives null. */
  pictureOf?: (prompt: string) => Buffer | null;
}

/** How long the answer to a submit takes, ms; each draws between. */
const ANSWER_MS = [5, 60] as const;
const PUSH_DEADLINE_MS = 5_000;
/** Where in its work a task is when it pushes; the last one says that it is done. */
const PUSHED_AT = [0.35, 1.01];

/** An upstream that draws nothing and breaks as it is told: it speaks midjourney-proxy, and counts what it was sent. */
export class ChaosUpstream implements RigUpstream {
  readonly kind = 'midjourney-proxy';
  readonly secret = null;
  /** Of submits; may be changed at any time. */
  submitFaults: FaultRates = NO_FAULTS;
  /** Share of the work that ends without a result; may be changed at any time. */
  workFaults = 0;
  /** Of every other call. */
  readFaults: FaultRates = NO_FAULTS;
  readonly tasks: UpstreamTasks;
  readonly counts = { submits: 0, polls: 0, lists: 0, pushes: 0, faults: 0 };
  private readonly timers = new Set<NodeJS.Timeout>();

  private constructor(
    private readonly server: http.Server,
    readonly url: string,
    private readonly picture: Buffer,
    private readonly options: UpstreamOptions & { dialect: UpstreamDialect },
  ) {
    this.tasks = new UpstreamTasks(options.dialect, () => url);
  }

  static async start(options: UpstreamOptions): Promise<ChaosUpstream> {
    const server = http.createServer();
    const port = await listen(server);
    const background = { r: 40, g: 90, b: 160 };
    const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background } })
      .png()
      .toBuffer();
    const full = { dialect: FULL_DIALECT, ...options };
    const upstream = new ChaosUpstream(server, `http://127.0.0.1:${port}`, picture, full);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      upstream.handle(request, response).catch(() => response.destroy());
    });
    return upstream;
  }

  get addresses(): string[] {
    return [this.url];
  }

  books(): Promise<UpstreamBooks> {
    return Promise.resolve({
      submits: this.tasks.submits,
      works: this.tasks.all.map((task) => ({ ...task, kind: this.kind })),
    });
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (path.startsWith('/pictures/')) {
      const prompt = this.tasks.promptOf(/^\/pictures\/(\d+)/.exec(path)?.[1] ?? '');
      response.setHeader('content-type', 'image/png').end(this.options.pictureOf?.(prompt) ?? this.picture);
      return;
    }
    const body = await readJson(request);
    if (path.startsWith('/mj/submit/')) return this.submit(body, response);
    const fault = chooseFault(this.readFaults, this.options.random());
    if (fault !== 'none') return this.fail(fault, response);
    const answer = this.read(path, body);
    sendJson(response, answer === undefined ? 404 : 200, answer ?? { code: 4, description: 'not found' });
  }

  private read(path: string, body: Record<string, unknown>): unknown {
    const now = Date.now();
    if (path === '/mj/task/list-by-condition') {
      this.counts.polls += 1;
      const ids = Array.isArray(body['ids']) ? body['ids'].map(String) : [];
      return ids.map((id) => this.tasks.view(id, now)).filter((task) => task !== undefined);
    }
    const { pathname, searchParams } = new URL(path, this.url);
    if (pathname === '/mj/task/list') {
      this.counts.lists += 1;
      return this.tasks.newest(now, Number(searchParams.get('limit')) || null);
    }
    return this.tasks.view(/^\/mj\/task\/([^/]+)\/fetch$/.exec(path)?.[1] ?? '', now);
  }

  private async submit(body: Record<string, unknown>, response: ServerResponse): Promise<void> {
    this.counts.submits += 1;
    const mark = String(body['state']);
    this.tasks.countSubmit(mark);
    const fault = chooseFault(this.submitFaults, this.options.random());
    await this.pause(this.between(ANSWER_MS));
    // What was sent is taken in whether or not the sender still waits: that is the window this rig is about.
    const task = takesIn(fault) ? this.accept(mark, body) : null;
    if (task === null || fault !== 'none') return this.fail(fault, response);
    sendJson(response, 200, { code: 1, description: 'Submit success', result: task.id, properties: {} });
  }

  private accept(mark: string, body: Record<string, unknown>): UpstreamTask {
    const { dialect, workMs } = this.options;
    const hook = body['notifyHook'];
    const task = this.tasks.accept({
      mark,
      prompt: String(body['prompt']),
      pushUrl: dialect.pushes && typeof hook === 'string' ? hook : null,
      acceptedAt: Date.now(),
      workMs: this.between(workMs),
      fails: this.options.random() < this.workFaults,
    });
    if (task.pushUrl !== null) for (const part of PUSHED_AT) this.later(task.workMs * part, () => this.push(task));
    return task;
  }

  private fail(fault: Fault, response: ServerResponse): void {
    this.counts.faults += 1;
    if (fault.startsWith('error')) sendJson(response, 500, { code: 9, description: 'chaos' });
    else if (fault.startsWith('reset')) response.socket?.resetAndDestroy();
    // A hanging one is held open until the caller gives up.
  }

  /** Once, as upstreams do: a push that nobody takes is lost. */
  private push(task: UpstreamTask): void {
    this.counts.pushes += 1;
    const body = JSON.stringify(this.tasks.view(task.id, Date.now()));
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(PUSH_DEADLINE_MS);
    fetch(task.pushUrl ?? '', { method: 'POST', headers, body, signal })
      .then((answer) => answer.arrayBuffer())
      .catch(() => undefined);
  }

  private between([from, to]: readonly [number, number]): number {
    return from + this.options.random() * (to - from);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.later(ms, resolve));
  }

  private later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      work();
    }, ms);
    this.timers.add(timer);
  }
}
