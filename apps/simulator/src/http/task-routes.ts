import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyInstance } from 'fastify';
import { BindingError, Body } from '../submit/body.js';
import { isTerminal, phaseAt } from '../tasks/lifecycle.js';
import { type TaskRecord } from '../tasks/task-record.js';
import { type TaskRunner } from '../tasks/task-runner.js';
import { type TaskStore } from '../tasks/task-store.js';
import { viewOf } from '../tasks/task-view.js';
import { done, invalid, noSuchTask, notReady, outside, type Reply } from '../wire/replies.js';
import { send } from './send.js';

/** What the reading routes work with. */
export interface TaskAccess {
  readonly store: TaskStore<TaskRecord>;
  readonly runner: TaskRunner<TaskRecord>;
  readonly base: () => string;
  /** How long Midjourney takes to tell a seed, ms. */
  readonly seedMs: number;
}

interface ById {
  Params: { id: string };
}

/** Mounts the task routes: what clients poll. */
export function mountTasks(app: FastifyInstance, { store, runner, base, seedMs }: TaskAccess): void {
  app.get<ById>('/mj/task/:id/fetch', async (request, reply) => {
    const now = Date.now();
    const task = store.find(request.params.id, now);
    return send(reply, task === null ? { http: 204, body: null } : { http: 200, body: viewOf(task, now, base()) });
  });

  for (const path of ['list-by-condition', 'list-by-ids']) {
    app.post(`/mj/task/${path}`, async (request, reply) => send(reply, list(request.body)));
  }
  const list = (value: unknown): Reply => {
    const now = Date.now();
    try {
      const ids = new Set(Body.of(value).texts('ids'));
      const found = [...ids].map((id) => store.find(id, now)).filter((task) => task !== null);
      return { http: 200, body: found.map((task) => viewOf(task, now, base())) };
    } catch (error) {
      if (error instanceof BindingError) return outside('The JSON value of ids could not be converted.', new Date(now));
      throw error;
    }
  };

  app.get('/mj/task/list', async (_request, reply) => {
    const now = Date.now();
    return send(reply, { http: 200, body: store.newest(now).map((task) => viewOf(task, now, base())) });
  });

  app.get('/mj/task/queue', async (_request, reply) => {
    const now = Date.now();
    return send(reply, { http: 200, body: store.unfinished(now).map((task) => viewOf(task, now, base())) });
  });

  // A gateway sends this GET with a JSON body of `null`; bodies of GETs are not parsed.
  app.get<ById>('/mj/task/:id/image-seed', async (request, reply) => {
    const task = store.find(request.params.id, Date.now());
    if (task === null) return send(reply, noSuchTask());
    if (phaseAt(task, Date.now()).status !== 'SUCCESS' || task.artwork.kind === 'none') return send(reply, notReady());
    await sleep(seedMs, undefined, { ref: false });
    return send(reply, done(String(task.seed)));
  });

  app.post<ById>('/mj/task/:id/cancel', async (request, reply) => {
    const now = Date.now();
    const task = store.find(request.params.id, now);
    if (task === null) return send(reply, noSuchTask());
    if (isTerminal(phaseAt(task, now).status)) return send(reply, invalid('任务已结束，无法取消'));
    await runner.cancel(task, now);
    return send(reply, done(task.id));
  });
}
