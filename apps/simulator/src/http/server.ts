import Fastify, { type FastifyInstance } from 'fastify';
import { type Dialect } from '../dialect.js';
import { FAULTS } from '../wire/faults.js';
import { readBodiesAsJson } from './body-parser.js';
import { mountPictures, type PictureAccess } from './picture-routes.js';

/** The size of a body at most, bytes: five pictures of a blend, in base64. */
const BODY_LIMIT = 48 * 1024 * 1024;

/** Builds the HTTP server of all dialects; it does not listen yet. */
export function buildServer(dialects: readonly Dialect[], pictures: PictureAccess): FastifyInstance {
  // A hanging answer must not hold up the end.
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true },
  });
  readBodiesAsJson(app);
  app.get('/health', () => ({ status: 'ok' }));
  app.get('/faults', () => FAULTS);
  mountPictures(app, pictures);
  for (const dialect of dialects) {
    void app.register((scope, _options, ready) => {
      dialect.mount(scope);
      ready();
    });
  }
  return app;
}
