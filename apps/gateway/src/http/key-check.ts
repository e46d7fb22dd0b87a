import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiKey, KeyStore } from '#libs/access';
import { MjError } from './mj-error.js';
import { presentedKey } from './presented-key.js';
import type { RouteAccess } from './route-access.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; set on every route that is not public. */
    apiKey: ApiKey | null;
  }
}

export interface KeyCheckOptions {
  keys: KeyStore;
  /** The key that counts for requests without any; null: such requests are refused. */
  anonymousKey: string | null;
}

/**
 * Checks the key before a byte of the body is read. Driven by what the matched route declares: whatever is not declared
 * public wants a key, so no spelling of a path can pass it by.
 */
export function installKeyCheck(fastify: FastifyInstance, { keys, anonymousKey }: KeyCheckOptions): void {
  fastify.decorateRequest('apiKey', null);
  fastify.addHook('onRequest', async (request) => {
    if (request.is404 || request.method === 'OPTIONS' || isPublic(request)) return;
    const presented = presentedKey(request.raw.headersDistinct);
    const text = presented.kind === 'key' ? presented.key : presented.kind === 'none' ? anonymousKey : null;
    request.apiKey = text === null ? null : await keys.find(text);
    if (request.apiKey === null) throw new MjError('invalid_api_key');
  });
}

function isPublic(request: FastifyRequest): boolean {
  return (request.routeOptions.config as RouteAccess).public === true;
}
