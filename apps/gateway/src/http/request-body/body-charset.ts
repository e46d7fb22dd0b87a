import type { FastifyInstance } from 'fastify';
import { MjError } from '../errors/mj-error.js';

const READ_AS_UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/** The charset that a content type names, in lower case; null where it names none. */
export function charsetOf(contentType: string | undefined): string | null {
  return /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase() ?? null;
}

/** Refuses bodies in other charsets than UTF-8: every body is decoded as UTF-8. */
export function installCharsetCheck(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    const charset = charsetOf(request.headers['content-type']);
    if (charset !== null && !READ_AS_UTF8.has(charset)) done(new MjError('media_type_not_supported'));
    else done(null, payload);
  });
}
