import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { ScriptedServer, type Received } from '../../libs/upstream/test/scripted-server.js';
import type { Breakage, Situation } from './contract-bench.js';

/** An answer: status, and JSON or text; null is an empty body. */
export type Said = readonly [status: number, body: unknown];
type Json = Record<string, unknown>;

/** A job of a scripted server, before it is shown. */
export interface ScriptedJob {
  id: string;
  /** What the submit sent. */
  sent: Json;
  status: 'running' | 'done' | 'window';
}

/** How a vendor whose jobs are submitted by POST and read one by one words what it does. */
export interface JobDialect {
  id(number: number): string;
  isAdmitted(headers: IncomingHttpHeaders): boolean;
  /** The answer to a submit that was accepted. */
  accepted(job: ScriptedJob): Said;
  /** The job that a submit confirms; undefined: it begins a new one. */
  confirms?(path: string, sent: Json): string | undefined;
  opensWindow?(path: string): boolean;
  /** The answer to a read; `jobs` has all, the newest first. */
  read(path: string, jobs: ReadonlyMap<string, ScriptedJob>): Said;
  locked: Said;
  situations: Partial<Record<Situation, Said>> & { crash: Said; unreadable: Said };
}

/** A scripted server of such a vendor: keeps jobs, and on order breaks the next submit, or every read. */
export class ScriptedJobServer {
  private readonly jobs = new Map<string, ScriptedJob>();
  private next: Situation | null = null;
  private breakage: Breakage | null = null;

  private constructor(
    private readonly server: ScriptedServer,
    private readonly dialect: JobDialect,
  ) {
    server.script = (received, response) => this.answer(received, response);
  }

  static async start(dialect: JobDialect): Promise<ScriptedJobServer> {
    return new ScriptedJobServer(await ScriptedServer.start(), dialect);
  }

  get origin(): string {
    return this.server.origin;
  }

  add(sent: Json, status: ScriptedJob['status']): ScriptedJob {
    const job = { id: this.dialect.id(this.jobs.size + 1), sent, status };
    this.jobs.set(job.id, job);
    return job;
  }

  count(isMeant: (sent: Json) => boolean): number {
    return [...this.jobs.values()].filter(({ sent }) => isMeant(sent)).length;
  }

  /** What the next submit, and only it, runs into. */
  meet(situation: Situation): void {
    this.next = situation;
  }

  breakReads(breakage: Breakage): void {
    this.breakage = breakage;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private answer({ method, headers, path, body, socket }: Received, response: ServerResponse): void {
    const { dialect } = this;
    if (!dialect.isAdmitted(headers)) return say(response, dialect.locked);
    const isRead = method === 'GET';
    const met = isRead ? this.breakage : this.next;
    if (!isRead) this.next = null;
    const usual = (): Said => (isRead ? this.read(path) : this.submit(path, JSON.parse(body) as Json));
    switch (met) {
      case null:
        return say(response, usual());
      case 'hang':
      case 'reset':
      case 'crash':
      case 'unreadable':
        usual();
        if (met === 'hang') return;
        if (met === 'reset') return void socket.resetAndDestroy();
        return say(response, dialect.situations[met]);
      default: {
        const said = dialect.situations[met];
        if (said === undefined) throw new Error(`this server never says ${met}`);
        return say(response, said);
      }
    }
  }

  private submit(path: string, sent: Json): Said {
    const waiting = this.jobs.get(this.dialect.confirms?.(path, sent) ?? '');
    if (waiting !== undefined) waiting.status = 'running';
    const opens = this.dialect.opensWindow?.(path) === true;
    return this.dialect.accepted(waiting ?? this.add(sent, opens ? 'window' : 'running'));
  }

  private read(path: string): Said {
    return this.dialect.read(path, new Map([...this.jobs].reverse()));
  }
}

function say(response: ServerResponse, [status, body]: Said): void {
  const text = body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': typeof body === 'object' ? 'application/json' : 'text/html' }).end(text);
}
