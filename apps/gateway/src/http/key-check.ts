import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { KeyStore, KeyUsage, KnownKey } from '#libs/access';
import { AddressLimiter } from './address-limiter.js';
import { MjError } from './mj-error.js';
import { presentedKey } from './presented-key.js';
import { isSubmit, type RouteAccess } from './route-access.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; set on every route that is not public. */
    apiKey: KnownKey | null;
  }
}

export interface KeyCheckOptions {
  keys: KeyStore;
  usage: KeyUsage;
  /** The key that counts for requests without any; null: such requests are refused. */
  anonymousKey: string | null;
  /** The time by which keys expire. */
  now: () => Date;
}

/** Wrong keys that an address may try in a minute. */
const WRONG_KEYS = { points: 60, seconds: 60 };

/**
 * Checks the key before a byte of the body is read. Driven by what the matched route declares: whatever is not declared
 * public wants a key, so no spelling of a path can pass it by. An address is limited in trying keys, never in using the
 * right one: others may share it.
 */
export function installKeyCheck(fastify: FastifyInstance, { keys, usage, anonymousKey, now }: KeyCheckOptions): void {
  const wrongKeys = new AddressLimiter(WRONG_KEYS);
  fastify.decorateRequest('apiKey', null);
  // Without a promise where none is needed: every request passes here.
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (request.is404 || request.method === 'OPTIONS' || isPublic(request)) return done();
    const presented = presentedKey(request.raw.headersDistinct);
    const text = presented.kind === 'key' ? presented.key : presented.kind === 'none' ? anonymousKey : null;
    // Who names no key tries none.
    if (text === null) return done(new MjError('invalid_api_key'));
    const found = keys.find(text);
    if (!(found instanceof Promise) && found !== null) return done(admit(request, found));
    Promise.resolve(found)
      .then((key) => (key === null ? wrongKey(request.ip) : admit(request, key)))
      .then(done, done);
  });

  /** What the request is refused for; undefined: it goes on, as that key's. */
  const admit = (request: FastifyRequest, key: KnownKey): MjError | undefined => {
    if (key.addresses?.has(request.ip) === false) return new MjError('address_not_allowed');
    if (isSubmit(request) && key.expiresAt !== null && key.expiresAt <= now()) return new MjError('invalid_api_key');
    usage.note(key.id);
    request.apiKey = key;
    return undefined;
  };

  const wrongKey = (address: string): MjError =>
    wrongKeys.count(address)
      ? new MjError('invalid_api_key')
      : new MjError('too_many_requests', { retryAfter: wrongKeys.retryAfter(address) });
}

/** Routes of the admin API want another key, which installAdminCheck asks for. */
function isPublic(request: FastifyRequest): boolean {
  const access = request.routeOptions.config as RouteAccess;
  return access.public === true || access.admin === true;
}
