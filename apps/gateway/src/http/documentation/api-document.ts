import { SwaggerModule, DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '../../version.js';
import { isAdminPath, isSessionPath } from '../key-check/admin-check.js';
import { MjErrorDto, mjFailure } from './api-errors.decorator.js';
import { ProblemDto } from './api-problems.decorator.js';
import { SESSION_COOKIE } from '../../studio/session/session-cookie.js';
import { BODY_LIMIT, JSON_LIMITS } from '../routes/route-access.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Answer = Exclude<NonNullable<Operation['responses'][string]>, { $ref: string }>;

/** Headers of every answer that a route gives. */
const REQUEST_ID = {
  description:
    'Names the request in the log: the `x-request-id` that the client sent where it is sane, else a new one.',
  required: true,
  schema: { type: 'string', maxLength: 128 },
  example: '0f8fad5b-d9cb-469f-a165-70867728950e',
} as const;

/** Answers that no route decides by itself. */
const ANY =
  'What any route may answer: 408 it came too slowly, 417 an expectation nobody meets, 431 its headers are over 16 KiB, ' +
  '500 a fault of ours, 501 its body comes in another transfer coding than chunks';

const ANY_ROUTE: Answer = {
  description: ANY,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/MjErrorDto' } } },
};

const ANY_ADMIN_ROUTE: Answer = {
  description: ANY,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } },
};

const ADMIN_TAGS = {
  'admin: keys': 'API keys, their limits, credits and webhook secrets.',
  'admin: upstreams': 'The servers that do the work.',
  'admin: tasks': 'Every task of every key; ending and refunding them.',
  'admin: hooks': 'What receivers were told; telling them again.',
  'admin: settings': 'Prices, targets and banned words.',
  'admin: sessions': 'Who is signed in to Studio, and links that sign somebody in.',
  'admin: audit': 'What was changed through this API.',
} as const;
const ABOUT_ADMIN =
  ' Like all of /admin it is there only where ADMIN_KEY is set (404 else), and asks for it as bearer token.';

/** The OpenAPI document of every route. */
export function apiDocument(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Journeyman')
    .setDescription(
      'A gateway for Midjourney-style image APIs. Press Authorize and paste an API key; then every route can be tried. ' +
        'All /mj routes also exist under /mj-fast, /mj-relax and /mj-turbo, which ask for that mode. Bodies have at most ' +
        `${BODY_LIMIT.plain / 1024} KiB, or ${BODY_LIMIT.pictures / 1024 / 1024} MiB where pictures may come, a depth of ` +
        `${JSON_LIMITS.depth}, ${JSON_LIMITS.values.toLocaleString('en')} values, and ${JSON_LIMITS.keys} names of ` +
        `${JSON_LIMITS.keyLength} characters in an object; they may come in gzip, deflate or br.`,
    )
    .setVersion(VERSION)
    .addServer('/', 'This gateway')
    .addServer('/mj-fast', 'Its /mj routes in mode FAST')
    .addServer('/mj-relax', 'Its /mj routes in mode RELAX')
    .addServer('/mj-turbo', 'Its /mj routes in mode TURBO')
    .addTag('submit', 'Have work done. Accepted work has code 1 and an id; what becomes of it is asked under task.')
    .addTag('task', 'How tasks stand, and what can be wished of them.')
    .addTag('account', 'What a key has left, what it may do, and what that costs.')
    .addTag('pictures', 'The results, for anyone who has their links.')
    .addTag('upstream', 'For upstreams, not for clients.')
    .addTag('studio', 'Signing in to Studio, with a cookie instead of a key. Not there where STUDIO=off.')
    .addTag('health', 'For load balancers and orchestrators.')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'sk-…', description: 'An API key, sk-…' })
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'mj-api-secret',
        description: 'The same key in the header of midjourney-proxy',
      },
      'mj-api-secret',
    )
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'ADMIN_KEY; opens /admin/**, /metrics and /health/details' },
      'admin',
    );
  builder.addCookieAuth(SESSION_COOKIE, {
    type: 'apiKey',
    in: 'cookie',
    description: 'A session of Studio. It counts where no key is sent; writes need `x-journeyman-studio: 1`.',
  });
  for (const [tag, about] of Object.entries(ADMIN_TAGS)) builder.addTag(tag, about + ABOUT_ADMIN);
  const config = builder.build();
  return completed(SwaggerModule.createDocument(app, config, { extraModels: [MjErrorDto, ProblemDto] }));
}

/** Errors of every route that wants an API key: a wrong key, another address, a limit that is used up. */
const OF_A_KEY = [401, 403, 429, 503];
/** Errors of every route that has a body. */
const OF_A_BODY = [400, 413, 415];

function addFailures({ responses }: Operation, statuses: readonly number[]): void {
  for (const status of statuses) responses[String(status)] ??= mjFailure(status);
}

/** Adds what is the same for every operation, so that no route can forget it. */
function completed(document: OpenAPIObject): OpenAPIObject {
  for (const [path, { get, post, put, patch, delete: remove }] of Object.entries(document.paths)) {
    for (const operation of [get, post, put, patch, remove]) {
      if (operation === undefined) continue;
      // `security: []` says outright that no key is asked for: a missing field would read like an oversight.
      operation.security ??= [];
      const isForAdmin = isAdminPath(path) || isSessionPath(path) || operation.security.some((one) => 'admin' in one);
      if (!isForAdmin && operation.security.length > 0) addFailures(operation, OF_A_KEY);
      if (!isForAdmin && operation.requestBody !== undefined) addFailures(operation, OF_A_BODY);
      for (const answer of Object.values(operation.responses)) {
        if (answer !== undefined && !('$ref' in answer))
          answer.headers = { 'x-request-id': REQUEST_ID, ...answer.headers };
      }
      operation.responses['default'] = isForAdmin ? ANY_ADMIN_ROUTE : ANY_ROUTE;
    }
  }
  return document;
}
