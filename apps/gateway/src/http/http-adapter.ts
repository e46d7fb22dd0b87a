import type { FastifyReply } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { TaskMode } from '#libs/wire';
import type { Environment } from '../config/environment.js';
import { errorBody } from './mj-error.js';
import { routePath } from './mode-prefix.js';
import { requestIdOf } from './request-id.js';
import { linkBase } from './request-origin.js';
import { BODY_LIMIT, type RouteAccess } from './route-access.js';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 65_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_PARAM_CHARS = 256;
/** Documentation is served by Swagger's own routes, which cannot declare themselves public. */
const DOCS = /^\/docs(?:-json|\/|$)/;

declare module 'fastify' {
  interface FastifyRequest {
    /** Mode of the path's prefix. */
    pathMode: TaskMode | null;
    /** Start of the links that this client gets. */
    linkBase: string;
    /** Tasks whose first hook is due once the answer is written. */
    openedTasks: string[];
  }
}

/** The HTTP server: path prefixes, request ids, body limits by route, and what handlers know of their request. */
export function createHttpAdapter({ TRUST_PROXY, PUBLIC_URL }: Environment): FastifyAdapter {
  const modes = new WeakMap<object, TaskMode>();
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT.plain,
    trustProxy: TRUST_PROXY.length > 0 ? [...TRUST_PROXY] : false,
    requestIdHeader: false,
    genReqId: (raw: IncomingMessage) => requestIdOf(raw.headers),
    rewriteUrl: (raw: IncomingMessage) => {
      const { path, mode } = routePath(raw.url ?? '/');
      if (mode !== null) modes.set(raw, mode);
      return path;
    },
    routerOptions: { maxParamLength: MAX_PARAM_CHARS, ignoreTrailingSlash: false },
    // What the router cannot even decode never reaches the filter.
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) =>
      void reply.status(404).send(errorBody('not_found')),
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    http: { headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: MAX_HEADER_BYTES, connectionsCheckingInterval: 2_000 },
  });
  const fastify = adapter.getInstance();
  // Bodies are JSON; a text would only reach handlers unparsed.
  fastify.removeContentTypeParser('text/plain');
  fastify.addHook('onRoute', (route) => {
    const access = (route.config ?? {}) as RouteAccess;
    if (DOCS.test(route.url)) route.config = { ...route.config, public: true };
    route.bodyLimit = access.bodyLimit ?? BODY_LIMIT.plain;
  });
  fastify.decorateRequest('pathMode', null);
  fastify.decorateRequest('linkBase', '');
  fastify.decorateRequest('openedTasks');
  fastify.addHook('onRequest', async (request, reply) => {
    request.pathMode = modes.get(request.raw) ?? null;
    request.linkBase = linkBase(request, PUBLIC_URL);
    request.openedTasks = [];
    void reply.header('x-request-id', request.id);
  });
  return adapter;
}
