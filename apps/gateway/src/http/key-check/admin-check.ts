import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { AddressLimiter } from '../limits/address-limiter.js';
import { MjError } from '../errors/mj-error.js';
import { Problem } from '../errors/problem.js';
import type { RouteAccess } from '../routes/route-access.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** True: it is for the admin API, which is there; its failures are answered as problems. */
    isAdmin: boolean;
  }
}

/** Registered paths of the admin API, and what a request for an unknown one of them looks like. */
const ADMIN = /^\/admin(?:[/?#]|$)/;
const BEARER = /^bearer +(\S+) *$/i;

/** Whether a registered path belongs to the admin API. */
export function isAdminPath(path: string): boolean {
  return ADMIN.test(path);
}

/** Says of every request whether it is for the admin API. To be installed before anything that can refuse one. */
export function markAdminRequests(fastify: FastifyInstance, adminKey: string | null): void {
  fastify.decorateRequest('isAdmin', false);
  fastify.addHook('onRequest', (request, _reply, done) => {
    request.isAdmin = adminKey !== null && (wantsAdmin(request) || (request.is404 && isAdminPath(request.url)));
    done();
  });
}

/** Wrong keys that an address may try in a minute; further ones are answered 429 until it is over. */
const WRONG_KEYS = { points: 20, seconds: 60 };
/** What is longer is not even hashed. */
const MAX_KEY_CHARS = 512;

/**
 * Lets only ADMIN_KEY pass, before a byte of the body is read; without one there is no admin API, and its routes are
 * answered like any unknown path. Driven by what the matched route is, so that no spelling of a path can pass it by.
 * An address is limited in trying keys, never in using the right one, whose least length keeps it from being guessed: who
 * guesses behind a proxy or from an office must not lock its operators out.
 */
export function installAdminCheck(fastify: FastifyInstance, adminKey: string | null): void {
  const wrongKeys = new AddressLimiter(WRONG_KEYS);
  const wanted = adminKey === null ? null : digest(adminKey);
  // Without a promise where none is needed: every request passes here.
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.is404 || request.method === 'OPTIONS' || !wantsAdmin(request)) return done();
    if (wanted === null) return done(new MjError('not_found'));
    if (isAdminKey(request, wanted)) return done();
    done(refusalOf(request, reply));
  });

  const refusalOf = (request: FastifyRequest, reply: FastifyReply): Problem => {
    // Who names no key tries none.
    if (request.headers.authorization !== undefined && !wrongKeys.count(request.ip)) {
      return new Problem('too_many_requests', 'Too many wrong keys from this address', {
        retryAfter: wrongKeys.retryAfter(request.ip),
      });
    }
    void reply.header('www-authenticate', 'Bearer realm="admin"');
    return new Problem('admin_key_is_invalid', 'Send Authorization: Bearer ADMIN_KEY');
  };
}

/** Whether the request carries the key that `wanted` is the digest of; the same time for every wrong one. */
function isAdminKey(request: FastifyRequest, wanted: Buffer): boolean {
  const given = request.raw.headersDistinct['authorization'] ?? [];
  const key = given.length === 1 ? BEARER.exec(given[0] ?? '')?.[1] : undefined;
  return key !== undefined && key.length <= MAX_KEY_CHARS && timingSafeEqual(digest(key), wanted);
}

/** Digests have one length, and nothing of a key can be read from how long they take to compare. */
function digest(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}

function wantsAdmin(request: FastifyRequest): boolean {
  return (request.routeOptions.config as RouteAccess | undefined)?.admin === true;
}
