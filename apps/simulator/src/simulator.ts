import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FilmEncoder } from './drawing/film-encoder.js';
import { Gallery } from './drawing/gallery.js';
import { Painter } from './drawing/painter.js';
import { buildServer } from './http/server.js';
import { InputStore } from './inputs/input-store.js';
import { Describer } from './submit/describer.js';
import { FollowUpService } from './submit/follow-up-service.js';
import { Intake } from './submit/intake.js';
import { PictureService } from './submit/picture-service.js';
import { SubmitService } from './submit/submit-service.js';
import { HookCaller } from './tasks/hook-caller.js';
import { Journal } from './tasks/journal.js';
import { TaskRunner } from './tasks/task-runner.js';
import { TaskStore } from './tasks/task-store.js';
import { viewOf } from './tasks/task-view.js';

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
  /** Tasks that run at once; 12 by default. */
  readonly concurrency?: number;
  /** Tasks that may wait; 100 by default. */
  readonly queue?: number;
  /** Base of picture links without a slash at its end; the listen address by default. */
  readonly publicUrl?: string | null;
}

/** A simulator that listens. */
export interface Simulator {
  readonly url: string;
  /** Ends connections, timers and hooks; what was accepted is on disk. Resolves when all is closed. */
  close(): Promise<void>;
}

/** The longest that a seed is waited for, ms. */
const SEED_MS = 300;

/**
 * Starts an upstream that speaks the midjourney-proxy wire and draws. Reads no environment.
 * @throws when the folder cannot be used or the port is taken.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const {
    dir,
    host = '127.0.0.1',
    port = 0,
    secret = null,
    runMs = 8_000,
    concurrency = 12,
    queue = 100,
    publicUrl = null,
  } = options;
  let url = '';
  const base = (): string => publicUrl ?? url;

  const journal = new Journal(dir);
  const inputs = new InputStore(join(dir, 'inputs'));
  const store = new TaskStore(journal);
  const hooks = new HookCaller();
  const runner = new TaskRunner(store, { concurrency, queue }, (task) => {
    if (task.notifyHook !== null) hooks.tell(task.id, task.notifyHook, viewOf(task, Date.now(), base()));
  });
  const films = new FilmEncoder();
  const describer = new Describer(inputs);
  const intake = new Intake(store, runner, runMs, base);
  const app = buildServer({
    secret,
    submits: {
      begin: new SubmitService(intake, inputs, describer, base),
      draw: new PictureService(store, intake, inputs, describer, base),
      goOn: new FollowUpService(store, intake, inputs, describer),
    },
    tasks: { store, runner, base, seedMs: Math.min(SEED_MS, runMs / 20) },
    pictures: { store, painter: new Painter(inputs), films, gallery: new Gallery(), inputs },
  });

  await inputs.open(new Date());
  store.restore(await journal.open(new Date()));
  await app.listen({ host, port });
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  url = `http://${reachable}:${(app.server.address() as AddressInfo).port}`;
  await runner.resume(Date.now());

  return {
    url,
    close: async () => {
      runner.stop();
      hooks.close();
      await app.close();
      await films.close();
      await journal.close();
    },
  };
}
