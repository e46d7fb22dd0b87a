import Fastify, { type FastifyInstance } from 'fastify';
import { FAULTS } from '../wire/faults.js';
import { outside } from '../wire/replies.js';
import { type Mode } from '../wire/vocabulary.js';
import { isAuthorized } from './authorize.js';
import { mountPictures, type PictureAccess } from './picture-routes.js';
import { send } from './send.js';
import { mountSubmits, type SubmitServices } from './submit-routes.js';
import { mountTasks, type TaskAccess } from './task-routes.js';

/** What the server is made of. */
export interface ServerParts {
  readonly secret: string | null;
  readonly submits: SubmitServices;
  readonly tasks: TaskAccess;
  readonly pictures: PictureAccess;
}

/** The size of a body at most, bytes: five pictures of a blend, in base64. */
const BODY_LIMIT = 48 * 1024 * 1024;
const PREFIXES: readonly (readonly [string, Mode | null])[] = [
  ['', null],
  ['/mj-fast', 'FAST'],
  ['/mj-relax', 'RELAX'],
  ['/mj-turbo', 'TURBO'],
];

/** Builds the HTTP server; it does not listen yet. */
export function buildServer(parts: ServerParts): FastifyInstance {
  // A hanging answer must not hold up the end.
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, proceed) => {
    try {
      proceed(null, text === '' ? null : (JSON.parse(text as string) as unknown));
    } catch {
      proceed(new UnreadableBody());
    }
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const now = new Date();
    if (error instanceof UnreadableBody) return send(reply, outside('The body is not JSON.', now));
    if (error.statusCode === 413) return send(reply, { http: 413, body: null });
    return send(reply, outside('操作失败', now, 500));
  });
  app.get('/health', () => ({ status: 'ok' }));
  app.get('/faults', () => FAULTS);
  mountPictures(app, parts.pictures);
  for (const [prefix, mode] of PREFIXES) {
    void app.register(
      (scope, _options, ready) => {
        scope.addHook('onRequest', async (request, reply) => {
          if (isAuthorized(request.headers, parts.secret)) return;
          await reply.code(401).type('text/plain; charset=utf-8').send('Authorization header missing.');
        });
        mountSubmits(scope, parts.submits, mode);
        mountTasks(scope, parts.tasks);
        ready();
      },
      { prefix },
    );
  }
  return app;
}

class UnreadableBody extends Error {}
