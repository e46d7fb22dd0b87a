import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { ScriptedServer, Received } from '../../libs/upstream/test/scripted-server.js';
import type { Breakage, Situation } from './contract-bench.js';

/** An answer: status, and JSON or text; null is an empty body. */
export type Said = readonly [status: number, body: unknown];

/** How a vendor words what may go wrong, whatever else its dialect is. */
export interface Refusals {
  /** What it says to a secret that it does not take. */
  locked: Said;
  situations: Partial<Record<Situation, Said>> & { crash: Said; unreadable: Said };
}

/** A scripted server of a vendor that on order breaks the next submit, or every read. */
export abstract class BreakableServer<Dialect extends Refusals> {
  private next: Situation | null = null;
  private breakage: Breakage | null = null;

  protected constructor(
    private readonly server: ScriptedServer,
    protected readonly dialect: Dialect,
  ) {
    server.script = (received, response) => this.answer(received, response);
  }

  get origin(): string {
    return this.server.origin;
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

  protected abstract isAdmitted(headers: IncomingHttpHeaders): boolean;
  protected abstract isRead(received: Received): boolean;
  /** Does what was asked, and answers as if nothing went wrong. */
  protected abstract usual(received: Received): Said;

  /** What is said in a situation; undefined: this server never says that. */
  protected saidOf(situation: Situation, _isRead: boolean): Said | undefined {
    return this.dialect.situations[situation];
  }

  private answer(received: Received, response: ServerResponse): void {
    if (!this.isAdmitted(received.headers)) return say(response, this.dialect.locked);
    const isRead = this.isRead(received);
    const met = isRead ? this.breakage : this.next;
    if (!isRead) this.next = null;
    if (met === null) return say(response, this.usual(received));
    // Work is lost after it was accepted.
    if (!isRead && COMES_AFTER.has(met)) this.usual(received);
    if (met === 'hang') return;
    if (met === 'reset') return void received.socket.resetAndDestroy();
    const said = this.saidOf(met, isRead);
    if (said === undefined) throw new Error(`this server never says ${met}`);
    say(response, said);
  }
}

const COMES_AFTER: ReadonlySet<Situation> = new Set(['hang', 'reset', 'crash', 'unreadable']);

function say(response: ServerResponse, [status, body]: Said): void {
  const text = body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': typeof body === 'object' ? 'application/json' : 'text/html' }).end(text);
}
