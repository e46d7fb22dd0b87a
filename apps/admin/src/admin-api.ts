import type { AdminConfig } from './config/admin-config.js';

/** What comes back, parsed; commands know what they asked for. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [name: string]: Json };

export interface AdminRequest {
  /** Undefined values are left out. */
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  body?: unknown;
  /** ETag of what is replaced: refused with 412 where it has changed since. */
  ifMatch?: string | null;
}

/** An answer and the name of its version; null: it has none. */
export interface Tagged {
  answer: Json;
  etag: string | null;
}

const DEADLINE_MS = 30_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** The gateway refused, and said why. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly errors: readonly { field: string; message: string }[],
    readonly requestId: string | null,
  ) {
    super(detail);
  }
}

/** Nothing came back that could be understood. */
export class Unreachable extends Error {}

/** Calls the admin API of a gateway. */
export class AdminApi {
  constructor(private readonly config: AdminConfig) {}

  /**
   * @param path below /admin, its parts already encoded
   * @throws Refusal when the gateway says no; Unreachable when it cannot be reached or understood within 30 s
   */
  async call(method: string, path: string, request: AdminRequest = {}): Promise<Json> {
    return (await this.tagged(method, path, request)).answer;
  }

  /** As `call`, with the ETag of the answer. */
  async tagged(method: string, path: string, { query = {}, body, ifMatch }: AdminRequest = {}): Promise<Tagged> {
    const url = new URL(`${this.config.url}/admin${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const { status, text, etag } = await this.fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${this.config.adminKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(typeof ifMatch === 'string' ? { 'if-match': ifMatch } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const answer = parse(text);
    if (answer === undefined) throw new Unreachable(`${url.origin} answered ${status}, and no JSON: is it a gateway?`);
    if (status >= 200 && status < 300) return { answer, etag };
    throw refusalOf(status, answer, url);
  }

  private async fetch(url: URL, init: RequestInit): Promise<{ status: number; text: string; etag: string | null }> {
    try {
      const answer = await fetch(url, init);
      return { status: answer.status, text: await readCapped(answer), etag: answer.headers.get('etag') };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Unreachable(`${url.origin} cannot be reached: ${why || 'no connection'}`);
    }
  }
}

async function readCapped(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('the answer is too large');
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): Json | undefined {
  try {
    return text === '' ? null : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

function refusalOf(status: number, answer: Json, url: URL): Refusal {
  const { detail, description, errors, requestId } = isObject(answer) ? answer : ({} as JsonObject);
  // Without ADMIN_KEY a gateway answers like clients know it.
  const isOff = status === 404 && detail === undefined && description === 'not_found';
  const words = isOff
    ? `${url.origin} has no admin API: it was started without ADMIN_KEY`
    : text(detail) || text(description) || `status ${status}`;
  const fields = Array.isArray(errors) ? errors.filter(isObject) : [];
  return new Refusal(
    status,
    words,
    fields.map(({ field, message }) => ({ field: text(field), message: text(message) })),
    text(requestId) || null,
  );
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
