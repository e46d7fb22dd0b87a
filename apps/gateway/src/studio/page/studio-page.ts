import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MjError } from '../../http/errors/mj-error.js';
import type { RouteAccess } from '../../http/routes/route-access.js';
import { StudioFiles } from './studio-files.js';

const PUBLIC = { config: { public: true } satisfies RouteAccess };
/** Paths of the page and its files; the routes under /studio that answer JSON are declared by controllers. */
const PAGE = /^\/studio(?:\/(?:\*|assets\/:name)?)?$/;

/**
 * Content security policy of Studio: everything comes from its own origin, and no text of a prompt, an error or a database
 * can run as a script or set a style. Pictures that somebody drops are shown from blob and data URLs.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** The path under which browsers see Studio, with slashes at both ends: a proxy may have put the gateway below a path of its own. */
export function studioPathOf(publicUrl: string | null): string {
  const before = publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');
  return `${before}/studio/`;
}

/**
 * Serves Studio: its page at every path under /studio that no other route has (the page finds the view by the path), and its files.
 *
 * @param basePath path under which browsers see it, with slashes at both ends
 */
export function serveStudio(fastify: FastifyInstance, basePath: string, files = new StudioFiles()): void {
  const page = files.page(basePath);
  const assets = files.assets();
  const beside = files.beside();
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (PAGE.test(request.routeOptions.url ?? '')) void reply.headers(HEADERS);
    done(null, payload);
  });
  const sendPage = (request: FastifyRequest, reply: FastifyReply): Promise<void> => page.send(request, reply);
  fastify.get('/studio', PUBLIC, sendPage);
  fastify.get('/studio/', PUBLIC, sendPage);
  fastify.get<{ Params: { '*': string } }>('/studio/*', PUBLIC, (request, reply) =>
    (beside.get(request.params['*']) ?? page).send(request, reply),
  );
  fastify.get<{ Params: { name: string } }>('/studio/assets/:name', PUBLIC, (request, reply) => {
    const asset = assets.get(request.params.name);
    if (asset === undefined) throw new MjError('not_found');
    return asset.send(request, reply);
  });
}

/** Sends a browser that opens the root of the gateway to Studio; any other program is told, as before, that nothing is there. */
export function redirectBrowsers(fastify: FastifyInstance, basePath: string): void {
  const target = basePath.replace(/\/$/, '');
  fastify.addHook('onRequest', (request, reply, done) => {
    const isRoot = request.is404 && request.method === 'GET' && /^\/(?:\?|$)/.test(request.url);
    if (!isRoot || !(request.headers.accept ?? '').includes('text/html')) return done();
    reply.header('cache-control', 'no-store').redirect(target, 302);
  });
}
