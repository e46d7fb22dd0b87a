import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { KeyStore, KeyUsage, KnownKey } from '#libs/access';
import { KeyAttempts } from './key-attempts.js';
import { MjError } from '../errors/mj-error.js';
import { presentedKey } from './presented-key.js';
import { isSubmit, type RouteAccess } from '../routes/route-access.js';

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
/** No key of ours is half as long; what is longer is not even hashed. */
const MAX_KEY_CHARS = 512;

/**
 * Checks the key before a byte of the body is read. Driven by what the matched route declares: whatever is not declared
 * public wants a key, so no spelling of a path can pass it by. An address is limited in trying keys, and past its limit
 * none is looked up; one that was right before is none that is tried, so that others who share the address can go on.
 */
export function installKeyCheck(fastify: FastifyInstance, { keys, usage, anonymousKey, now }: KeyCheckOptions): void {
  const attempts = new KeyAttempts(WRONG_KEYS);
  fastify.decorateRequest('apiKey', null);
  // Without a promise where none is needed: every request passes here.
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (request.is404 || request.method === 'OPTIONS' || isPublic(request)) return done();
    const presented = presentedKey(request.raw.headersDistinct);
    const text = presented.kind === 'key' ? presented.key : presented.kind === 'none' ? anonymousKey : null;
    // Who names no key tries none.
    if (text === null) return done(new MjError('invalid_api_key'));
    if (text.length > MAX_KEY_CHARS) return done(new MjError('invalid_api_key'));
    const known = keys.recall(text);
    if (known !== undefined && !(known instanceof Promise)) return done(decide(request, known));
    const found = known ?? attempts.try(request.ip, () => keys.find(text));
    found.then((key) => decide(request, key)).then(done, done);
  });

  /** What the request is refused for; undefined: it goes on. */
  const decide = (request: FastifyRequest, key: KnownKey | null | 'refused'): MjError | undefined => {
    if (key === 'refused') return new MjError('too_many_requests', { retryAfter: attempts.retryAfter(request.ip) });
    return key === null ? new MjError('invalid_api_key') : admit(request, key);
  };

  /** What the request is refused for; undefined: it goes on, as that key's. */
  const admit = (request: FastifyRequest, key: KnownKey): MjError | undefined => {
    if (key.addresses?.has(request.ip) === false) return new MjError('address_not_allowed');
    if (isSubmit(request) && key.expiresAt !== null && key.expiresAt <= now()) return new MjError('invalid_api_key');
    usage.note(key.id);
    request.apiKey = key;
    return undefined;
  };
}

/** Routes of the admin API want another key, which installAdminCheck asks for. */
function isPublic(request: FastifyRequest): boolean {
  const access = request.routeOptions.config as RouteAccess;
  return access.public === true || access.admin === true;
}
