import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { AddressLimiter } from '../limits/address-limiter.js';
import { MjError } from '../errors/mj-error.js';
import { Problem } from '../errors/problem.js';
import { carriesKey } from './presented-key.js';
import type { RouteAccess } from '../routes/route-access.js';
import type { SessionCheck } from './session-check.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether the request is for the admin API, which is enabled, or signs in to Studio: its errors are answered as problems. */
    isAdmin: boolean;
  }
}

/** Registered paths of the admin API, and what a request for an unknown one of them looks like. */
const ADMIN = /^\/admin(?:[/?#]|$)/;
/** Registered paths of signing in to Studio. */
const SESSION = /^\/studio\/session$/;
const BEARER = /^bearer +(\S+) *$/i;

/** Whether a registered path belongs to the admin API. */
export function isAdminPath(path: string): boolean {
  return ADMIN.test(path);
}

/** Whether a registered path signs in to Studio. */
export function isSessionPath(path: string): boolean {
  return SESSION.test(path);
}

/** Marks requests for the admin API. To be installed before any hook that may refuse a request. */
export function markAdminRequests(fastify: FastifyInstance, adminKey: string | null): void {
  fastify.decorateRequest('isAdmin', false);
  fastify.addHook('onRequest', (request, _reply, done) => {
    request.isAdmin =
      (adminKey !== null && (wantsAdmin(request) || (request.is404 && isAdminPath(request.url)))) ||
      isSessionPath(request.routeOptions.url ?? '');
    done();
  });
}

/** Wrong keys that an address may try in a minute; further ones are answered 429 until it is over. */
const WRONG_KEYS = { points: 20, seconds: 60 };
/** A longer text is refused without being hashed. */
const MAX_KEY_CHARS = 512;

/**
 * Checks ADMIN_KEY before a byte of the body is read; where none is set, routes of the admin API are answered like unknown
 * paths. The matched route decides, so that no spelling of a path avoids the check. Wrong keys of an address are rate limited;
 * the right key always passes, so that somebody who guesses behind the same proxy cannot lock operators out. Its minimum
 * length keeps it from being guessed. Below /admin the cookie of an admin who is signed in to Studio passes too, where the
 * request carries no key.
 */
export function installAdminCheck(
  fastify: FastifyInstance,
  adminKey: string | null,
  sessions: SessionCheck | null,
): void {
  const wrongKeys = new AddressLimiter(WRONG_KEYS);
  const wanted = adminKey === null ? null : digest(adminKey);
  // Synchronous: every request passes here.
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.is404 || request.method === 'OPTIONS' || !wantsAdmin(request)) return done();
    if (wanted === null) return done(new MjError('not_found'));
    if (isAdminKey(request, wanted)) return done();
    if (sessions !== null && mayUseCookie(request) && sessions.hasCookie(request)) {
      sessions
        .admit(request)
        .then(({ session }) => (session.role === 'admin' ? undefined : refusalOf(request, reply)))
        .then(done, done);
      return;
    }
    done(refusalOf(request, reply));
  });

  const refusalOf = (request: FastifyRequest, reply: FastifyReply): Problem => {
    // A request without a key counts as no attempt.
    if (request.headers.authorization !== undefined && !wrongKeys.count(request.ip)) {
      return new Problem('too_many_requests', 'Too many wrong keys from this address', {
        retryAfter: wrongKeys.retryAfter(request.ip),
      });
    }
    void reply.header('www-authenticate', 'Bearer realm="admin"');
    return new Problem('admin_key_is_invalid', 'Send Authorization: Bearer ADMIN_KEY');
  };
}

/** Whether a request may pass by a cookie: it is for the admin API itself, and carries no key. */
function mayUseCookie({ routeOptions, headers }: FastifyRequest): boolean {
  return !carriesKey(headers) && isAdminPath(routeOptions.url ?? '');
}

/** Whether the request carries the key of which `wanted` is the digest; takes the same time for every wrong key. */
function isAdminKey(request: FastifyRequest, wanted: Buffer): boolean {
  const given = request.raw.headersDistinct['authorization'] ?? [];
  const key = given.length === 1 ? BEARER.exec(given[0] ?? '')?.[1] : undefined;
  return key !== undefined && key.length <= MAX_KEY_CHARS && timingSafeEqual(digest(key), wanted);
}

/** The digest of a key: digests have one length, and the time to compare them tells nothing about the key. */
export function digest(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}

function wantsAdmin(request: FastifyRequest): boolean {
  return (request.routeOptions.config as RouteAccess | undefined)?.admin === true;
}
