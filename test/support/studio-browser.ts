import type { TestGateway } from './gateway.js';

/** An answer with its cookie. */
export interface BrowserAnswer {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
}

/** Speaks to the gateway as the page of Studio does: with its cookie and the header of writes, and without any key. */
export class StudioBrowser {
  /** The token of its session; null: it is not signed in. */
  token: string | null = null;

  constructor(private readonly gateway: TestGateway) {}

  /** Signs in with a key or a ticket, and keeps the cookie. */
  async signIn(body: { key: string } | { ticket: string }): Promise<BrowserAnswer> {
    const answer = await this.call('POST', '/studio/session', body);
    const [, token] = /^journeyman_session=([\w-]+);/.exec(answer.headers.get('set-cookie') ?? '') ?? [];
    if (answer.status === 200) this.token = token ?? null;
    return answer;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<BrowserAnswer> {
    return this.call('GET', path, undefined, headers);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<BrowserAnswer> {
    return this.call('POST', path, body, headers);
  }

  /** @param headers replace its own; "" leaves one out */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<BrowserAnswer> {
    const all: Record<string, string> = {
      ...(this.token === null ? {} : { cookie: `journeyman_session=${this.token}` }),
      ...(method === 'GET' || method === 'HEAD' ? {} : { 'x-journeyman-studio': '1' }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    const answer = await fetch(this.gateway.url + path, {
      method,
      headers: Object.entries(all).filter(([, value]) => value !== ''),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /^application\/(?:problem\+)?json/.test(answer.headers.get('content-type') ?? '') && text !== '';
    const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: answer.status, headers: answer.headers, text, json };
  }
}
