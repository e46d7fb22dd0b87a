import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DestinationStream } from 'pino';
import { ApiKeyCache, KeyUsage, ReadMeter, SubmitMinutes } from '#libs/access';
import { Database } from '#libs/database';
import { JobScheduler } from '#libs/runtime';
import { AppModule } from './app.module.js';
import type { Environment } from './config/environment.js';
import { DrainState } from './health/drain-state.js';
import { installAdminCheck } from './http/key-check/admin-check.js';
import { apiDocument } from './http/documentation/api-document.js';
import { BodyPipe, validationPipe } from './http/request-body/body.pipe.js';
import { Documentation, serveDocumentation } from './http/documentation/documentation.js';
import { installExpectContinue } from './http/request-body/expect-continue.js';
import { createHttpAdapter } from './http/http-adapter.js';
import { installKeyCheck } from './http/key-check/key-check.js';
import { KEY_WATCH_MS, KeyWatch } from './http/key-check/key-watch.js';
import { decorateSessions, SessionCheck } from './http/key-check/session-check.js';
import { installRateLimits } from './http/limits/rate-limits.js';
import { MjErrorFilter } from './http/errors/mj-error.filter.js';
import { installInputHeaders } from './input/input-headers.js';
import { Metrics } from './metrics/metrics.service.js';
import { installRequestMetrics } from './metrics/request-metrics.js';
import { installAccessLog } from './logging/access-log.js';
import { JsonLogger } from './logging/json-logger.js';
import { studioPathOf, serveStudio } from './studio/page/studio-page.js';
import { Traffic } from './traffic/traffic.js';
import { installUploadAdmission } from './traffic/upload-admission.js';

const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'mj-api-secret',
  'x-ptoken',
  'x-requested-with',
  'x-request-id',
  'traceparent',
  'idempotency-key',
  'prefer',
  'if-none-match',
  'last-event-id',
];
const EXPOSED_HEADERS = [
  'x-request-id',
  'retry-after',
  'etag',
  'idempotent-replayed',
  'preference-applied',
  'ratelimit',
  'ratelimit-policy',
];
const PREFLIGHT_SECONDS = 86_400;

/** The whole gateway as it runs in production; tests use the same. It does not listen yet. */
export async function createApp(environment: Environment, logTo?: DestinationStream): Promise<NestFastifyApplication> {
  const logger = new JsonLogger({ level: environment.LOG_LEVEL, destination: logTo });
  const traffic = new Traffic(environment);
  const { connections } = traffic;
  const adapter = createHttpAdapter(environment, traffic);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(environment, traffic), adapter, {
    logger,
    // installJsonBodies parses bodies, with limits by route.
    bodyParser: false,
    abortOnError: false,
  });
  app.enableCors({
    origin: '*',
    methods: ['GET', 'HEAD', 'POST', 'OPTIONS'],
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
    // With strict preflights, an OPTIONS request that is no preflight would be answered in plain text.
    strictPreflight: false,
  });
  app.useGlobalPipes(new BodyPipe(), validationPipe());
  app.useGlobalFilters(new MjErrorFilter());
  const fastify = app.getHttpAdapter().getInstance();
  installRequestMetrics(fastify, connections, app.get(Metrics));
  installAccessLog(connections, environment.LOG_LEVEL);
  const database = app.get(Database);
  const sessions = environment.STUDIO === 'on' ? app.get(SessionCheck) : null;
  decorateSessions(fastify);
  installKeyCheck(fastify, {
    keys: app.get(ApiKeyCache),
    usage: app.get(KeyUsage),
    anonymousKey: environment.ANONYMOUS ? environment.API_KEY : null,
    sessions,
    now: () => database.now(),
  });
  const keyWatch = new KeyWatch({ keys: app.get(ApiKeyCache), sessions, now: () => database.now() });
  keyWatch.install(fastify);
  app.get(JobScheduler).add({ name: KeyWatch.name, everyMs: KEY_WATCH_MS, work: () => keyWatch.look() });
  traffic.admission.installForKeys(fastify);
  installRateLimits(fastify, { reads: app.get(ReadMeter), minutes: app.get(SubmitMinutes) });
  installAdminCheck(fastify, environment.ADMIN_KEY, sessions);
  keyWatch.install(fastify);
  installUploadAdmission(fastify, traffic.uploads);
  installExpectContinue(fastify, connections);
  traffic.answers.install(fastify);
  // While the replica drains, every answer closes its connection: a kept-alive one would hold the server open.
  const drain = app.get(DrainState);
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (drain.isDraining) void reply.header('connection', 'close');
    done(null, payload);
  });
  installInputHeaders(fastify);
  if (environment.STUDIO === 'on') serveStudio(fastify, studioPathOf(environment.PUBLIC_URL));
  serveDocumentation(fastify, new Documentation(() => apiDocument(app)));
  return app;
}
