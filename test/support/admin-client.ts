import type { TestGateway } from './gateway.js';

export const ADMIN_KEY = 'adm-test-0123456789abcdefghij';

/** An answer of the admin API, problems included. */
export interface AdminAnswer<T> {
  status: number;
  headers: Headers;
  text: string;
  json: T;
}

/** A DTO as it comes over the wire: times are texts. */
export type Wire<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Name in keyof T]: Wire<T[Name]> }
      : T;

/** Speaks to the admin API as an operator does. The gateway must have been started with ADMIN_KEY. */
export class AdminClient {
  constructor(private readonly gateway: TestGateway) {}

  get<T = unknown>(path: string): Promise<AdminAnswer<Wire<T>>> {
    return this.call<T>('GET', path);
  }

  post<T = unknown>(path: string, body?: unknown): Promise<AdminAnswer<Wire<T>>> {
    return this.call<T>('POST', path, body);
  }

  put<T = unknown>(path: string, body: unknown): Promise<AdminAnswer<Wire<T>>> {
    return this.call<T>('PUT', path, body);
  }

  patch<T = unknown>(path: string, body: unknown): Promise<AdminAnswer<Wire<T>>> {
    return this.call<T>('PATCH', path, body);
  }

  delete<T = unknown>(path: string): Promise<AdminAnswer<Wire<T>>> {
    return this.call<T>('DELETE', path);
  }

  /** Every item of a list, page by page. */
  async all<T>(path: string, limit = 2): Promise<Wire<T>[]> {
    const items: Wire<T>[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = `${path.includes('?') ? '&' : '?'}limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page: AdminAnswer<Wire<{ items: T[]; nextCursor: string | null }>> = await this.get<{
        items: T[];
        nextCursor: string | null;
      }>(path + query);
      items.push(...page.json.items);
      cursor = page.json.nextCursor;
    }
    return items;
  }

  async call<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<AdminAnswer<Wire<T>>> {
    const answer = await fetch(`${this.gateway.url}/admin${path}`, {
      method,
      headers: {
        authorization: `Bearer ${ADMIN_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: (text === '' ? null : JSON.parse(text)) as Wire<T>,
    };
  }
}

/** What every failure of the admin API looks like. */
export function expectProblem(answer: AdminAnswer<unknown>, status: number, code: string, fields?: string[]): void {
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status });
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.json).toMatchObject({
    type: `urn:journeyman:problem:${code}`,
    title: expect.stringMatching(/^[A-Z]/),
    status,
    detail: expect.stringMatching(/./),
    instance: expect.stringMatching(/^\/admin/),
    requestId: answer.headers.get('x-request-id'),
  });
  if (fields !== undefined) {
    const { errors } = answer.json as { errors: { field: string; message: string }[] };
    expect(errors.map(({ field }) => field).sort()).toEqual([...fields].sort());
    expect(errors.every(({ message }) => message.length > 5)).toBe(true);
  }
}
