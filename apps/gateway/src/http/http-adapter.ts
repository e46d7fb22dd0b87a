import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import querystring from 'node:querystring';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { TaskMode } from '#libs/wire';
import type { Environment } from '../config/environment.js';
import type { Traffic } from '../traffic/traffic.js';
import type { UploadMeter } from '../traffic/upload-budget.js';
import { isAdminPath, markAdminRequests } from './key-check/admin-check.js';
import { installCharsetCheck } from './request-body/body-charset.js';
import { installContentDecoding } from './request-body/content-encoding.js';
import { installDocsHeaders } from './documentation/docs-headers.js';
import { installForms } from './forms/form-body.js';
import { installJsonHeaders, setJsonHeaders } from './headers/json-headers.js';
import { installJsonBodies } from './streaming-json/json-body.js';
import { errorBody } from './errors/mj-error.js';
import { routePath } from './routes/mode-prefix.js';
import { ParserRefusals } from './errors/parser-refusal.js';
import { RefusedBodies } from './request-body/refused-bodies.js';
import { installHeadCheck } from './headers/request-head.js';
import { requestIdOf } from './headers/request-id.js';
import { linkBaseReader } from './headers/request-origin.js';
import { BODY_LIMIT, isSubmitRoute, type RouteAccess } from './routes/route-access.js';
import { installRouteMiss } from './routes/route-miss.js';
import { RouteTable } from './routes/route-table.js';
import { redirectBrowsers, studioPathOf } from '../studio/page/studio-page.js';

const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 65_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_PARAM_CHARS = 256;
/** Most query parameters that are parsed. No route knows more than a dozen, and a URL has room for 8,000. */
const MAX_QUERY_FIELDS = 100;
/** Paths of the documentation: Swagger's own routes serve it, and cannot declare themselves public. */
const DOCS = /^\/docs(?:-json|\/|$)/;

/** CORS headers for answers that no hook sees: any origin may read any answer. */
const READABLE = { 'access-control-allow-origin': '*' } as const;

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route there is. */
    routeTable: RouteTable;
  }
  interface FastifyRequest {
    /** Mode of the path's prefix. */
    pathMode: TaskMode | null;
    /** Start of the links that this client gets. */
    linkBase: string;
  }
}

/** The HTTP server: path prefixes, request ids, body limits by route, and what handlers know of their request. */
export function createHttpAdapter(
  { TRUST_PROXY, PUBLIC_URL, ADMIN_KEY, METRICS_OPEN, STUDIO }: Environment,
  { connections, admission, uploads }: Traffic,
): FastifyAdapter {
  const modes = new WeakMap<object, TaskMode>();
  const refusals = new ParserRefusals(connections);
  const routes = new RouteTable();
  const adapter = new FastifyAdapter({
    serverFactory: connections.serverFactory,
    bodyLimit: BODY_LIMIT.plain,
    trustProxy: TRUST_PROXY.length > 0 ? [...TRUST_PROXY] : false,
    requestIdHeader: false,
    genReqId: (raw: IncomingMessage) => requestIdOf(raw.headers),
    rewriteUrl: (raw: IncomingMessage) => {
      const { path, mode } = routePath(raw.url ?? '/');
      if (mode !== null) modes.set(raw, mode);
      return path;
    },
    routerOptions: {
      maxParamLength: MAX_PARAM_CHARS,
      ignoreTrailingSlash: false,
      querystringParser: (text) => querystring.parse(text, '&', '=', { maxKeys: MAX_QUERY_FIELDS }),
    },
    // A path that the router cannot decode never reaches the exception filter.
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      setJsonHeaders(reply);
      const { id } = request;
      void reply
        .status(404)
        .headers({ 'x-request-id': id, connection: 'close', ...READABLE })
        .send(errorBody('not_found'));
    },
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) => refusals.refuse(error, socket),
    // No time limit for a whole request: a Connection enforces a minimum rate of its body instead.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      connectionsCheckingInterval: 2_000,
      // Node would answer with an empty body; installHeadCheck answers with a JSON error.
      requireHostHeader: false,
    },
  });
  const fastify = adapter.getInstance();
  connections.install(fastify);
  // Bodies are JSON: Fastify's parser of text/plain would hand handlers an unparsed string.
  fastify.removeContentTypeParser('text/plain');
  const refused = new RefusedBodies(fastify);
  const meterOf = (request: FastifyRequest): UploadMeter => uploads.meterOf(request);
  installJsonBodies(fastify, { refused, meterOf });
  installForms(fastify, { refused, meterOf });
  fastify.addHook('onRoute', (route) => {
    const access = (route.config ?? {}) as RouteAccess;
    if (DOCS.test(route.url)) route.config = Object.assign({}, route.config, { public: true } satisfies RouteAccess);
    // Set by the path of the route, so that no route can forget to declare it.
    const isOpened = METRICS_OPEN && access.openMetrics === true;
    const isAdmin = !isOpened && (isAdminPath(route.url) || access.admin === true);
    if (isOpened) {
      route.config = Object.assign({}, route.config, { admin: false, public: true } satisfies RouteAccess);
    }
    if (isAdmin) route.config = Object.assign({}, route.config, { admin: true } satisfies RouteAccess);
    if (isSubmitRoute(route.method, route.url)) {
      route.config = Object.assign({}, route.config, { submit: true } satisfies RouteAccess);
    }
    route.bodyLimit = access.bodyLimit ?? BODY_LIMIT.plain;
    const { public: isPublic = false } = (route.config ?? {}) as RouteAccess;
    for (const method of [route.method].flat()) routes.add({ method, path: route.url, isPublic, isAdmin });
  });
  const linkBaseOf = linkBaseReader(PUBLIC_URL, TRUST_PROXY);
  fastify.decorate('routeTable', routes);
  fastify.decorateRequest('pathMode', null);
  fastify.decorateRequest('linkBase', '');
  fastify.addHook('onRequest', (request, reply, done) => {
    request.pathMode = modes.get(request.raw) ?? null;
    request.linkBase = linkBaseOf(request);
    // Fastify refuses a content type without a body; some clients send the header with every POST.
    if (isBodyless(request)) delete request.raw.headers['content-type'];
    void reply.header('x-request-id', request.id);
    done();
  });
  markAdminRequests(fastify, ADMIN_KEY);
  admission.install(fastify);
  installHeadCheck(fastify);
  if (STUDIO === 'on') redirectBrowsers(fastify, studioPathOf(PUBLIC_URL));
  installRouteMiss(fastify, { routes, hasAdmin: ADMIN_KEY !== null });
  installCharsetCheck(fastify);
  installContentDecoding(fastify);
  installJsonHeaders(fastify);
  installDocsHeaders(fastify, (path) => DOCS.test(path));
  return adapter;
}

function isBodyless({ routeOptions, headers }: FastifyRequest): boolean {
  const length = headers['content-length'] ?? '0';
  const hasBody = headers['transfer-encoding'] !== undefined || length !== '0';
  return !hasBody && (routeOptions.config as RouteAccess | undefined)?.bodyless === true;
}
