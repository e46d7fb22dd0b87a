import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiKeyCache, KeyUsage, KnownKey } from '#libs/access';
import { KeyAttempts } from './key-attempts.js';
import { MjError } from '../errors/mj-error.js';
import { presentedKey } from './presented-key.js';
import type { SessionCheck } from './session-check.js';
import { isSubmit, type RouteAccess } from '../routes/route-access.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; set on every route that is not public. */
    apiKey: KnownKey | null;
  }
}

export interface KeyCheckOptions {
  keys: ApiKeyCache;
  usage: KeyUsage;
  /** The key that counts for requests without any; null: such requests are refused. */
  anonymousKey: string | null;
  /** Who is signed in to Studio; null: there is none, and no cookie is looked at. */
  sessions: SessionCheck | null;
  /** The time by which keys expire. */
  now: () => Date;
}

/** Wrong keys that an address may try in a minute. */
const WRONG_KEYS = { points: 60, seconds: 60 };
/** A longer text is refused without being hashed: no issued key is half as long. */
const MAX_KEY_CHARS = 512;

/**
 * Checks the API key before a byte of the body is read. The matched route decides: every route that is not declared public
 * wants a key, so no spelling of a path avoids the check. Wrong keys of an address are rate limited, and past the limit no
 * unknown key is looked up; keys that are known to be right pass, so that others behind the same address can go on.
 */
export function installKeyCheck(
  fastify: FastifyInstance,
  { keys, usage, anonymousKey, sessions, now }: KeyCheckOptions,
): void {
  const attempts = new KeyAttempts(WRONG_KEYS);
  fastify.decorateRequest('apiKey', null);
  // Synchronous for a cached key: every request passes here.
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (request.is404 || request.method === 'OPTIONS' || isPublic(request)) return done();
    const presented = presentedKey(request.raw.headersDistinct);
    // A cookie counts only where there is no key. One that has ended is no request without any: it is refused.
    if (presented.kind === 'none' && sessions?.hasCookie(request) === true) {
      sessions
        .admitKey(request)
        .then((key) => admit(request, key))
        .then(done, done);
      return;
    }
    const text = presented.kind === 'key' ? presented.key : presented.kind === 'none' ? anonymousKey : null;
    // A request without a key counts as no attempt.
    if (text === null) return done(new MjError('invalid_api_key'));
    if (text.length > MAX_KEY_CHARS) return done(new MjError('invalid_api_key'));
    const known = keys.recall(text);
    if (known !== undefined && !(known instanceof Promise)) return done(decide(request, known));
    const found = known ?? attempts.try(request.ip, () => keys.find(text));
    found.then((key) => decide(request, key)).then(done, done);
  });

  /** The error that the request is refused with; undefined: it goes on. */
  const decide = (request: FastifyRequest, key: KnownKey | null | 'refused'): MjError | undefined => {
    if (key === 'refused') return new MjError('too_many_requests', { retryAfter: attempts.retryAfter(request.ip) });
    return key === null ? new MjError('invalid_api_key') : admit(request, key);
  };

  /** The error that the request is refused with; undefined: it goes on under this key. */
  const admit = (request: FastifyRequest, key: KnownKey): MjError | undefined => {
    if (key.addresses?.has(request.ip) === false) return new MjError('address_not_allowed');
    if (isSubmit(request) && key.expiresAt !== null && key.expiresAt <= now()) return new MjError('invalid_api_key');
    usage.note(key.id);
    request.apiKey = key;
    return undefined;
  };
}

/** Whether a route wants no API key. Routes of the admin API want the admin key instead: see installAdminCheck. */
function isPublic(request: FastifyRequest): boolean {
  const access = request.routeOptions.config as RouteAccess;
  return access.public === true || access.admin === true;
}
