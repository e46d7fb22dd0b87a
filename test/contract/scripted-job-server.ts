import type { IncomingHttpHeaders } from 'node:http';
import { ScriptedServer, type Received } from '../../libs/upstream/test/scripted-server.js';
import { BreakableServer, type Refusals, type Said } from './breakable-server.js';

type Json = Record<string, unknown>;

/** A job of a scripted server, before it is shown. */
export interface ScriptedJob {
  id: string;
  /** What the submit sent. */
  sent: Json;
  status: 'running' | 'done' | 'window';
}

/** How a vendor whose jobs are submitted by POST and read one by one words what it does. */
export interface JobDialect extends Refusals {
  id(number: number): string;
  isAdmitted(headers: IncomingHttpHeaders): boolean;
  /** The answer to a submit that was accepted. */
  accepted(job: ScriptedJob): Said;
  /** The job that a submit confirms; undefined: it begins a new one. */
  confirms?(path: string, sent: Json): string | undefined;
  opensWindow?(path: string): boolean;
  /** The answer to a read; `jobs` has all, the newest first. */
  read(path: string, jobs: ReadonlyMap<string, ScriptedJob>): Said;
}

/** A scripted server of such a vendor, which keeps jobs. */
export class ScriptedJobServer extends BreakableServer<JobDialect> {
  private readonly jobs = new Map<string, ScriptedJob>();

  static async start(dialect: JobDialect): Promise<ScriptedJobServer> {
    return new ScriptedJobServer(await ScriptedServer.start(), dialect);
  }

  add(sent: Json, status: ScriptedJob['status']): ScriptedJob {
    const job = { id: this.dialect.id(this.jobs.size + 1), sent, status };
    this.jobs.set(job.id, job);
    return job;
  }

  count(isMeant: (sent: Json) => boolean): number {
    return [...this.jobs.values()].filter(({ sent }) => isMeant(sent)).length;
  }

  protected isAdmitted(headers: IncomingHttpHeaders): boolean {
    return this.dialect.isAdmitted(headers);
  }

  protected isRead({ method }: Received): boolean {
    return method === 'GET';
  }

  protected usual(received: Received): Said {
    const { path, body } = received;
    return this.isRead(received) ? this.read(path) : this.submit(path, JSON.parse(body) as Json);
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
