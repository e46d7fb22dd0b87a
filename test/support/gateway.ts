import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pg from 'pg';
import { createApp } from '../../apps/gateway/src/app.setup.js';
import { readEnvironment } from '../../apps/gateway/src/config/environment.js';
import { newApiKey } from '../../libs/access/src/index.js';
import { createTestDatabase } from './test-database.js';

export interface GatewayOptions {
  /** The upstream that is named `default`. */
  upstreamUrl: string;
  /** Further environment variables. */
  environment?: Record<string, string>;
  /** Whether it is told its own address as PUBLIC_URL, so that upstreams on this machine reach it. */
  isPublic?: boolean;
  /** Makes it another replica of this one, which must be closed after it. */
  replicaOf?: TestGateway;
  /** Gives the URL by which it reaches its database, where that is not the database's own. */
  databaseVia?: (databaseUrl: string) => Promise<string>;
}

/** What replicas have in common. */
interface Shared {
  databaseUrl: string;
  key: string;
  secret: string;
  folder: string;
  remove: () => Promise<void>;
}

/** A JSON answer, and what stood around it. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  text: string;
  json: T;
}

/** The production-shaped gateway on a database of its own, listening on a free port. */
export class TestGateway {
  private constructor(
    private running: NestFastifyApplication,
    readonly url: string,
    readonly key: string,
    readonly logs: string[],
    private readonly pool: pg.Pool,
    private readonly shared: Shared,
    private readonly startApp: (port: number) => Promise<NestFastifyApplication>,
    private readonly cleanUp: () => Promise<void>,
  ) {}

  get app(): NestFastifyApplication {
    return this.running;
  }

  static async start({
    upstreamUrl,
    environment = {},
    isPublic = false,
    replicaOf,
    databaseVia,
  }: GatewayOptions): Promise<TestGateway> {
    const port = isPublic ? await freePort() : 0;
    const shared = replicaOf?.shared ?? (await share());
    const { databaseUrl, key, secret, folder } = shared;
    const logs: string[] = [];
    const settings = readEnvironment({
      DATABASE_URL: databaseVia === undefined ? databaseUrl : await databaseVia(databaseUrl),
      SECRET_KEY: secret,
      DATA_DIR: folder,
      API_KEY: key,
      UPSTREAM_URL: upstreamUrl,
      POLL_MIN_MS: '100',
      EGRESS_ALLOW: '127.0.0.0/8,::1/128',
      ...(isPublic ? { PUBLIC_URL: `http://127.0.0.1:${port}` } : {}),
      ...environment,
    });
    const startApp = async (at: number): Promise<NestFastifyApplication> => {
      const started = await createApp(settings, linesTo(logs));
      await started.listen(at, '127.0.0.1');
      return started;
    };
    const app = await startApp(port);
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
    pool.on('error', () => undefined);
    return new TestGateway(app, await app.getUrl(), key, logs, pool, shared, startApp, async () => {
      await pool.end();
      if (replicaOf === undefined) await shared.remove();
    });
  }

  /** The database itself, past what the gateway reaches it by. */
  get databaseUrl(): string {
    return this.shared.databaseUrl;
  }

  /** Its DATA_DIR. */
  get dataFolder(): string {
    return this.shared.folder;
  }

  async close(): Promise<void> {
    await this.goAway();
    await this.cleanUp();
  }

  /** Shuts it down as a signal does; its database stays, and `comeBack` starts it again. */
  goAway(): Promise<void> {
    return this.running.close();
  }

  /** Starts it again after `goAway`, with the settings and at the address that it had. */
  async comeBack(): Promise<void> {
    this.running = await this.startApp(Number(new URL(this.url).port));
  }

  /** Rows of a question in SQL, as an admin would ask it. */
  async sql<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  get<T = Record<string, unknown>>(path: string, headers: Record<string, string> = {}): Promise<Answer<T>> {
    return this.call<T>(path, { headers: { authorization: `Bearer ${this.key}`, ...headers } });
  }

  post<T = Record<string, unknown>>(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return this.call<T>(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** A request with exactly these headers. */
  async call<T = Record<string, unknown>>(path: string, init: RequestInit): Promise<Answer<T>> {
    const answer = await fetch(this.url + path, init);
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true && text !== '';
    return { status: answer.status, headers: answer.headers, text, json: (isJson ? JSON.parse(text) : {}) as T };
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function share(): Promise<Shared> {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'journeyman-e2e-'));
  return {
    databaseUrl: database.url,
    key: newApiKey(),
    secret: randomBytes(32).toString('base64'),
    folder,
    remove: async () => {
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function linesTo(lines: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
}
