import type { FastifyRequest } from 'fastify';

const HOST = /^[A-Za-z0-9.-]{1,253}(?::\d{1,5})?$|^\[[0-9a-fA-F:.]{2,45}\](?::\d{1,5})?$/;

/**
 * Start of the links that this request's client gets: PUBLIC_URL, else the scheme and host it used. A Host header that
 * is none counts as localhost.
 */
export function linkBase(request: FastifyRequest, publicUrl: string | null): string {
  if (publicUrl !== null) return publicUrl;
  return `${request.protocol}://${HOST.test(request.host) ? request.host : 'localhost'}`;
}
