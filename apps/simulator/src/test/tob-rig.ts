import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Headers, type Json, SimulatorRig } from './simulator-rig.js';

/** A simulator and a client of one vendor of the tob family. */
export class TobRig extends SimulatorRig {
  private host: Server | null = null;
  /** The bodies that callbacks brought, in their order. */
  readonly called: Json[] = [];

  constructor(private readonly base: '/v1/tob' | '/api/v1') {
    super();
  }

  order(path: string, body: unknown, headers: Headers = {}): Promise<Response> {
    return this.send(`${this.base}/${path}`, body, headers);
  }

  /** The answer of an order as JSON. */
  async ordered(path: string, body: unknown, headers: Headers = {}): Promise<Json> {
    return (await (await this.order(path, body, headers)).json()) as Json;
  }

  /** Status and body of an order. */
  async refusal(path: string, body: unknown, headers: Headers = {}): Promise<Json> {
    const answer = await this.order(path, body, headers);
    return { http: answer.status, ...((await answer.json()) as Json) };
  }

  async get(path: string, headers: Headers = {}): Promise<Json> {
    const answer = await fetch(`${this.url}${this.base}/${path}`, { headers });
    return { http: answer.status, ...((await answer.json()) as Json) };
  }

  /** The job once `isOver` holds for what a read shows. */
  async until(id: string, isOver: (job: Json) => boolean): Promise<Json> {
    for (;;) {
      const job = await this.get(`job/${id}`);
      if (isOver(job)) return job;
      await sleep(10);
    }
  }

  async accepted(query: string): Promise<Json> {
    const name = this.base === '/v1/tob' ? 'youchuan' : 'legnext';
    return (await (await this.read(`/simulator/${name}/accepted?${query}`)).json()) as Json;
  }

  /** Serves files under a link each, and takes callbacks at `/called`. */
  async serve(files: Readonly<Record<string, Buffer>>): Promise<string> {
    this.host = createServer((request, response) => {
      const file = files[(request.url ?? '').slice(1)];
      if (request.method === 'GET') {
        response.writeHead(file === undefined ? 404 : 200).end(file);
        return;
      }
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        this.called.push(JSON.parse(text) as Json);
        response.end();
      });
    });
    await new Promise<void>((ready) => this.host?.listen(0, '127.0.0.1', ready));
    return `http://127.0.0.1:${(this.host.address() as AddressInfo).port}`;
  }

  override async end(): Promise<void> {
    this.host?.closeAllConnections();
    this.host?.close();
    this.host = null;
    this.called.length = 0;
    await super.end();
  }
}
