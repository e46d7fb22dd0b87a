import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request as send } from 'undici';
import type { ClientRecord } from './history.js';

export interface LoadOptions {
  /** Base URL of the gateways. */
  url: string;
  key: string;
  /** Requests under way at once. */
  inFlight: number;
  /** How long one try may take, ms. */
  tryMs: number;
  /** How long a client goes on trying, ms. */
  patienceMs: number;
  /** What its submits ask for; none unless given. */
  retries?: number;
  /** What request n asks for; an imagine unless given. */
  workOf?: (request: number) => Work;
}

/** A submit, without what every submit has. */
export interface Work {
  /** Below /mj. */
  path: string;
  body: Readonly<Record<string, unknown>>;
}

const RETRY_MS = 250;
const LONGEST_RETRY_MS = 2_000;
/** Accepted, exists, queued: the answers that name a task. */
const NAMING: ReadonlySet<unknown> = new Set([1, 21, 22]);
/** Queue full, too many: worth another try with the same key. */
const PASSING: ReadonlySet<unknown> = new Set([23, 30]);

type Answer =
  { kind: 'task'; id: string } | { kind: 'again'; why: string; waitMs: number } | { kind: 'no'; why: string };

/** Clients as they should be: each request has an Idempotency-Key and is sent again under it until an answer names a task. */
export class LoadClient {
  readonly records: ClientRecord[] = [];
  private readonly agent: Agent;
  private next = 0;

  constructor(
    private readonly options: LoadOptions,
    /** Receiver of request n. */
    public hookOf: (request: number) => string,
  ) {
    this.agent = new Agent({ keepAliveTimeout: 2_000, headersTimeout: 0, bodyTimeout: 0 });
  }

  /** Sends `count` more requests, but begins none after `until` (ms since the epoch); resolves when all have ended. */
  async run(count: number, until = Infinity): Promise<void> {
    const last = this.next + count;
    const worker = async (): Promise<void> => {
      while (this.next < last && Date.now() < until) {
        const request = this.next;
        this.next += 1;
        this.records.push(await this.insist(request));
      }
    };
    await Promise.all(Array.from({ length: this.options.inFlight }, worker));
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async insist(request: number): Promise<ClientRecord> {
    const began = Date.now();
    for (let tries = 1; ; tries += 1) {
      const answer = await this.try(request);
      const ms = Date.now() - began;
      if (answer.kind === 'task') return { request, taskId: answer.id, tries, ms, last: '' };
      if (answer.kind === 'no' || ms > this.options.patienceMs)
        return { request, taskId: null, tries, ms, last: answer.why };
      await sleep(answer.waitMs);
    }
  }

  private async try(request: number): Promise<Answer> {
    const { url, key, tryMs, retries, workOf = imagine } = this.options;
    const { path, body } = workOf(request);
    try {
      const answer = await send(`${url}/mj${path}`, {
        method: 'POST',
        dispatcher: this.agent,
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'idempotency-key': `chaos-${request}`,
        },
        body: JSON.stringify({
          ...body,
          notifyHook: this.hookOf(request),
          state: `client ${request}`,
          ...(retries === undefined ? {} : { retries }),
        }),
        signal: AbortSignal.timeout(tryMs),
      });
      const retryAfter = Number(answer.headers['retry-after'] ?? 0) * 1_000;
      return read(answer.statusCode, await answer.body.text(), retryAfter);
    } catch (error) {
      return { kind: 'again', why: String(error), waitMs: RETRY_MS };
    }
  }
}

function imagine(request: number): Work {
  return { path: '/submit/imagine', body: { prompt: promptOf(request) } };
}

/** Carries the number of the request to the upstream. */
export function promptOf(request: number): string {
  return `a red cat, number ${request}`;
}

function read(status: number, text: string, retryAfterMs: number): Answer {
  const waitMs = Math.min(LONGEST_RETRY_MS, Math.max(RETRY_MS, retryAfterMs));
  const why = `${status} ${text.slice(0, 200)}`;
  if (status === 409 || status === 429 || status >= 500) return { kind: 'again', why, waitMs };
  const { code, result } = JSON.parse(text) as { code: unknown; result: unknown };
  if (NAMING.has(code) && typeof result === 'string') return { kind: 'task', id: result };
  return PASSING.has(code) ? { kind: 'again', why, waitMs } : { kind: 'no', why };
}
