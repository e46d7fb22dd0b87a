import http from 'node:http';
import { until } from '../until.js';

/** The task object, as loosely as programs read it. */
export type ProgramTask = { id: string; status: string; progress: string } & Record<string, unknown>;

/** A submit's answer, as programs read it. */
export interface ProgramReply {
  code: number;
  description: string;
  result: string | string[] | null;
  properties?: Record<string, unknown>;
}

export interface ProgramAnswer<T> {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  json: T;
}

export interface ProgramOptions {
  /** What the person typed as its base URL; paths are put behind it as they are. */
  base: string;
  /** Sent with every request: where the key goes, and what the program's HTTP library says of itself. */
  headers: Record<string, string>;
  /** How it writes JSON; compact unless told. */
  write?: (body: unknown) => string;
}

/** A client program by its calls alone: exactly these headers and bytes, GETs with bodies too, nothing normalised. */
export class ClientProgram {
  constructor(private readonly options: ProgramOptions) {}

  get<T = unknown>(path: string, headers: Record<string, string> = {}, body?: string): Promise<ProgramAnswer<T>> {
    return this.send<T>('GET', path, headers, body);
  }

  post<T = ProgramReply>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<ProgramAnswer<T>> {
    const { write = JSON.stringify } = this.options;
    const text = typeof body === 'string' ? body : write(body);
    return this.send<T>('POST', path, { 'content-type': 'application/json', ...headers }, text);
  }

  /** Submits, takes code 1 as accepted, and asks until the task has ended. @throws Error when it is not accepted */
  async make(
    path: string,
    body: unknown,
    read = (id: string): Promise<ProgramTask> => this.poll(id),
  ): Promise<ProgramTask> {
    const { status, json, text } = await this.post(path, body);
    if (status !== 200 || json.code !== 1 || typeof json.result !== 'string')
      throw new Error(`${path}: ${status} ${text}`);
    return read(json.result);
  }

  /** Asks for one task until SUCCESS or FAILURE. */
  async poll(id: string): Promise<ProgramTask> {
    return until(`the end of ${id}`, async () => {
      const { json } = await this.get<ProgramTask>(`/mj/task/${id}/fetch`);
      return json.status === 'SUCCESS' || json.status === 'FAILURE' ? json : null;
    });
  }

  send<T>(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string,
  ): Promise<ProgramAnswer<T>> {
    const bytes = body === undefined ? undefined : Buffer.from(body, 'utf8');
    const length = bytes === undefined ? {} : { 'content-length': String(bytes.length) };
    return new Promise((resolve, reject) => {
      const request = http.request(`${this.options.base}${path}`, {
        method,
        headers: { ...this.options.headers, ...headers, ...length },
        agent: false,
      });
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = response.headers['content-type']?.startsWith('application/json') === true && text !== '';
          const json = (isJson ? JSON.parse(text) : {}) as T;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      });
      // Who asks first sends its body when it is told to go on.
      if (request.getHeader('expect') === undefined) request.end(bytes);
      else request.on('continue', () => request.end(bytes));
    });
  }
}
