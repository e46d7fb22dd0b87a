import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request as send } from 'undici';
import type { UpstreamKind } from '#libs/upstream';
import { chooseFault, NO_FAULTS, takesIn, type Fault } from './faults.js';
import type { TaskRow } from './history.js';
import { listen, readText, sendJson } from './http-server.js';
import type { RigUpstream, UpstreamBooks } from './rig-upstream.js';
import { SimulatorProcess } from './simulator-process.js';
import { booksOf, numberIn, readJournal } from './vendor-books.js';

export interface VendorOptions {
  kind: UpstreamKind;
  random: () => number;
  /** Has been started; may be that of other kinds too. */
  simulator: SimulatorProcess;
}

/** `refusing`: connections are refused; `hanging`: no call is passed on, or answered. */
export type VendorMode = 'healthy' | 'refusing' | 'hanging';

/** How long the answer to a submit takes at least, ms; each draws between. */
const ANSWER_MS = [5, 60] as const;
const FORWARDED = [
  'content-type',
  'authorization',
  'x-api-key',
  'x-youchuan-app',
  'x-youchuan-secret',
  'mj-api-secret',
];
const FORWARD_MS = 20_000;

/** A simulator of one dialect behind a door that loses calls and answers as it is told. */
export class VendorUpstream implements RigUpstream {
  submitFaults = NO_FAULTS;
  readFaults = NO_FAULTS;
  readonly counts = { submits: 0, polls: 0, faults: 0 };
  readonly kind: UpstreamKind;
  private readonly submits = new Map<string, number>();
  private readonly agent = new Agent({ keepAliveTimeout: 1_000 });
  private mode: VendorMode = 'healthy';
  private server: http.Server | null = null;
  private port = 0;
  private passing = 0;

  private constructor(private readonly options: VendorOptions) {
    this.kind = options.kind;
  }

  static async start(options: VendorOptions): Promise<VendorUpstream> {
    const vendor = new VendorUpstream(options);
    await vendor.become('healthy');
    return vendor;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}${this.kind === 'legnext' ? '/api' : ''}`;
  }

  get addresses(): string[] {
    return [this.url, this.options.simulator.url];
  }

  get secret(): string {
    const { secret } = this.options.simulator.settings;
    return this.kind === 'youchuan' ? `rig|${secret}` : secret;
  }

  /** Changes how it behaves from now on; it keeps its port. Work that runs goes on. */
  async become(mode: VendorMode): Promise<void> {
    this.mode = mode;
    if (mode === 'refusing') return this.shut();
    if (this.server !== null) return;
    const server = http.createServer((request, response) => {
      this.handle(request, response).catch(() => response.destroy());
    });
    this.server = server;
    this.port = await listen(server, this.port);
  }

  /** Its process is killed (-9) between two submits: what it answers is on its disk, and what it did not take was refused. */
  async die(): Promise<void> {
    await this.become('refusing');
    await this.options.simulator.kill();
  }

  /** Comes back from wherever it was; a process that died with its books. */
  async rise(): Promise<void> {
    const { simulator } = this.options;
    if (!simulator.isUp) await simulator.start();
    await this.become('healthy');
  }

  async books(rows: readonly TaskRow[]): Promise<UpstreamBooks> {
    const journal = await readJournal(this.options.simulator.settings.dir, this.kind);
    return booksOf(this.kind, journal, this.submits, rows);
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await this.shut();
    await this.options.simulator.kill();
    await this.agent.destroy();
  }

  /** Takes no new connection, finishes the calls that are under way, and breaks what is left. */
  private async shut(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    while (this.passing > 0) await sleep(5);
    server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.mode === 'hanging') return;
    this.passing += 1;
    try {
      const body = await readText(request);
      const path = request.url ?? '';
      const isSubmit = request.method === 'POST' && path !== '/mj/task/list-by-condition';
      return await (isSubmit ? this.submit(request, body, response) : this.read(request, body, response));
    } finally {
      this.passing -= 1;
    }
  }

  private async submit(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    this.counts.submits += 1;
    const [from, to] = ANSWER_MS;
    await sleep(from + this.options.random() * (to - from));
    const fault = chooseFault(this.submitFaults, this.options.random());
    const status = await this.pass(fault, request, body, response);
    // What was refused in so many words may be sent elsewhere.
    if (fault === 'none' && status !== null && status >= 400) return;
    const number = numberIn(body);
    if (number !== null) this.submits.set(number, (this.submits.get(number) ?? 0) + 1);
  }

  private async read(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    this.counts.polls += 1;
    await this.pass(chooseFault(this.readFaults, this.options.random()), request, body, response);
  }

  /** Gives the status of the simulator's answer; null: it was not asked. */
  private async pass(
    fault: Fault,
    request: IncomingMessage,
    body: string,
    response: ServerResponse,
  ): Promise<number | null> {
    if (fault === 'none') return this.forward(request, body, response);
    this.counts.faults += 1;
    const status = takesIn(fault) ? await this.forward(request, body, null) : null;
    if (fault.startsWith('error')) sendJson(response, 500, { code: 500, message: 'chaos' });
    else if (fault.startsWith('reset')) response.socket?.resetAndDestroy();
    // A hanging one is held open until the caller gives up.
    return status;
  }

  /** `response` null: the answer is lost. */
  private async forward(request: IncomingMessage, body: string, response: ServerResponse | null): Promise<number> {
    const headers = FORWARDED.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    });
    const answer = await send(`${this.options.simulator.url}${request.url ?? ''}`, {
      method: request.method === 'POST' ? 'POST' : 'GET',
      dispatcher: this.agent,
      headers: Object.fromEntries(headers),
      ...(body === '' ? {} : { body }),
      signal: AbortSignal.timeout(FORWARD_MS),
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    if (response !== null && !response.destroyed) {
      const type = answer.headers['content-type'];
      if (typeof type === 'string') response.setHeader('content-type', type);
      response.statusCode = answer.statusCode;
      response.shouldKeepAlive = this.mode !== 'refusing';
      response.end(bytes);
    }
    return answer.statusCode;
  }
}
