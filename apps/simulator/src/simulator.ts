import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ApimartDialect } from './apimart/apimart-dialect.js';
import { type ApimartOptions } from './apimart/apimart-options.js';
import { FilmEncoder } from './drawing/film-encoder.js';
import { Gallery } from './drawing/gallery.js';
import { Painter } from './drawing/painter.js';
import { type Dialect, type Shared } from './dialect.js';
import { buildServer } from './http/server.js';
import { InputStore } from './inputs/input-store.js';
import { MjDialect } from './mj-dialect.js';
import { Describer } from './submit/describer.js';
import { HookCaller } from './tasks/hook-caller.js';
import { type WorkFinder } from './tasks/work-record.js';
import { LEGNEXT } from './tob/legnext/legnext-profile.js';
import { TobDialect } from './tob/tob-dialect.js';
import { YOUCHUAN } from './tob/youchuan/youchuan-profile.js';

/** How a simulator is set up; only the folder must be named. */
export interface SimulatorOptions {
  /** Where accepted tasks and input pictures are kept; made when it is not there. */
  readonly dir: string;
  /** Address to listen on; 127.0.0.1 by default. */
  readonly host?: string;
  /** Port; 0, the default, takes a free one. */
  readonly port?: number;
  /** What clients must show; null, the default, asks for nothing. */
  readonly secret?: string | null;
  /** How long an imagine runs, ms; 8000 by default. Other actions take a part of it. */
  readonly runMs?: number;
  /** Tasks of each dialect that run at once; by default what its vendor allows, 12 for `/mj`. */
  readonly concurrency?: number | null;
  /** Tasks that may wait; 100 by default. */
  readonly queue?: number;
  /** Base of picture links without a slash at its end; the listen address by default. */
  readonly publicUrl?: string | null;
  /** What is special of the APIMart dialect. */
  readonly apimart?: ApimartOptions;
}

/** A simulator that listens. */
export interface Simulator {
  readonly url: string;
  /** Ends connections, timers and hooks; what was accepted is on disk. Resolves when all is closed. */
  close(): Promise<void>;
}

/**
 * Starts an upstream that speaks the midjourney-proxy wire and other dialects, and draws. Reads no environment.
 * @throws when the folder cannot be used or the port is taken.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const {
    dir,
    host = '127.0.0.1',
    port = 0,
    secret = null,
    runMs = 8_000,
    concurrency = null,
    queue = 100,
    publicUrl = null,
  } = options;
  let url = '';
  const base = (): string => publicUrl ?? url;

  const inputs = new InputStore(join(dir, 'inputs'));
  const hooks = new HookCaller();
  const films = new FilmEncoder();
  const describer = new Describer(inputs);
  const shared = { dir, secret, runMs, concurrency, queue, base, inputs, describer, hooks };
  const dialects = dialectsOf(shared, options);
  const pictures = { works: worksOf(dialects), painter: new Painter(inputs), films, gallery: new Gallery(), inputs };
  const app = buildServer(dialects, pictures);

  await inputs.open(new Date());
  for (const { desk } of dialects) await desk.open(new Date());
  await app.listen({ host, port });
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  url = `http://${reachable}:${(app.server.address() as AddressInfo).port}`;
  for (const { desk } of dialects) await desk.resume(Date.now());

  return {
    url,
    close: async () => {
      hooks.close();
      await app.close();
      await films.close();
      for (const { desk } of dialects) await desk.close();
    },
  };
}

/** Every wire that the simulator speaks: a new dialect is one line. */
function dialectsOf(shared: Shared, { apimart = {} }: SimulatorOptions): Dialect[] {
  const tob = [new TobDialect(YOUCHUAN, shared), new TobDialect(LEGNEXT, shared)];
  return [new MjDialect(shared), ...tob, new ApimartDialect(shared, apimart)];
}

const worksOf = (dialects: readonly Dialect[]): WorkFinder => ({
  find: (id, now) => {
    for (const { desk } of dialects) {
      const work = desk.store.find(id, now);
      if (work !== null) return work;
    }
    return null;
  },
});
