import { type FastifyInstance } from 'fastify';
import { type Dialect, type Shared } from './dialect.js';
import { isAuthorized } from './http/authorize.js';
import { UnreadableBody } from './http/body-parser.js';
import { send } from './http/send.js';
import { mountSubmits, type SubmitServices } from './http/submit-routes.js';
import { mountTasks, type TaskAccess } from './http/task-routes.js';
import { FollowUpService } from './submit/follow-up-service.js';
import { Intake } from './submit/intake.js';
import { PictureService } from './submit/picture-service.js';
import { SubmitService } from './submit/submit-service.js';
import { Desk } from './tasks/desk.js';
import { type TaskRecord } from './tasks/task-record.js';
import { viewOf } from './tasks/task-view.js';
import { outside } from './wire/replies.js';
import { type Mode } from './wire/vocabulary.js';

/** Tasks that run at once when nothing else is said. */
const CONCURRENCY = 12;
/** The longest that a seed is waited for, ms. */
const SEED_MS = 300;
const PREFIXES: readonly (readonly [string, Mode | null])[] = [
  ['', null],
  ['/mj-fast', 'FAST'],
  ['/mj-relax', 'RELAX'],
  ['/mj-turbo', 'TURBO'],
];

/** The midjourney-proxy wire: `/mj/*`, and the same under a prefix for each speed. */
export class MjDialect implements Dialect {
  readonly desk: Desk<TaskRecord>;
  private readonly submits: SubmitServices;
  private readonly tasks: TaskAccess;

  constructor(private readonly shared: Shared) {
    const { dir, runMs, queue, base, inputs, describer, hooks } = shared;
    const limits = { concurrency: shared.concurrency ?? CONCURRENCY, queue };
    this.desk = new Desk(dir, limits, (task) => {
      if (task.notifyHook !== null) hooks.tell(task.id, task.notifyHook, viewOf(task, Date.now(), base()));
    });
    const { store, runner } = this.desk;
    const intake = new Intake(store, runner, runMs, base);
    this.submits = {
      begin: new SubmitService(intake, inputs, describer, base),
      draw: new PictureService(store, intake, inputs, describer, base),
      goOn: new FollowUpService(store, intake, inputs, describer),
    };
    this.tasks = { store, runner, base, seedMs: Math.min(SEED_MS, runMs / 20) };
  }

  mount(app: FastifyInstance): void {
    app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
      const now = new Date();
      if (error instanceof UnreadableBody) return send(reply, outside('The body is not JSON.', now));
      if (error.statusCode === 413) return send(reply, { http: 413, body: null });
      return send(reply, outside('操作失败', now, 500));
    });
    app.addHook('onRequest', async (request, reply) => {
      if (isAuthorized(request.headers, this.shared.secret)) return;
      await reply.code(401).type('text/plain; charset=utf-8').send('Authorization header missing.');
    });
    for (const [prefix, mode] of PREFIXES) {
      void app.register(
        (scope, _options, ready) => {
          mountSubmits(scope, this.submits, mode);
          mountTasks(scope, this.tasks);
          ready();
        },
        { prefix },
      );
    }
  }
}
