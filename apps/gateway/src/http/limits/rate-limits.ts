import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ReadMeter, SubmitMinutes } from '#libs/access';
import { SaturatedError } from '../errors/mj-error.js';
import { isSubmit } from '../routes/route-access.js';

export interface RateLimitsOptions {
  reads: ReadMeter;
  minutes: SubmitMinutes;
}

/** One quota, as the headers `RateLimit-Policy` and `RateLimit` describe it. */
interface Bucket {
  name: 'submits' | 'reads';
  limit: number;
  remaining: number;
  /** Until there are `limit` again. */
  seconds: number;
}

/** The window of every quota is a minute. */
const WINDOW_SECONDS = 60;

/**
 * Limits the reads of a key, and reports its quotas on every answer (draft-ietf-httpapi-ratelimit-headers). Submits and reads
 * have separate quotas. Submits a minute are limited by the statement that opens a task; this hook only reports what the
 * statement counted. To be installed after the key check.
 */
export function installRateLimits(fastify: FastifyInstance, { reads, minutes }: RateLimitsOptions): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { apiKey } = request;
    if (apiKey === null || isSubmit(request) || reads.take(apiKey.id)) return done();
    done(new SaturatedError(reads.left(apiKey.id)?.seconds ?? 1));
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const bucket = bucketOf(request);
    if (bucket !== null) {
      const { name, limit, remaining, seconds } = bucket;
      void reply
        .header('ratelimit-policy', `"${name}";q=${limit};w=${WINDOW_SECONDS}`)
        .header('ratelimit', `"${name}";r=${remaining};t=${seconds}`);
    }
    done(null, payload);
  });

  const bucketOf = (request: FastifyRequest): Bucket | null => {
    const { apiKey } = request;
    if (apiKey === null) return null;
    const { id, requestsPerMinute } = apiKey;
    if (isSubmit(request) && requestsPerMinute !== null) {
      return { name: 'submits', limit: requestsPerMinute, ...minutes.left(id, requestsPerMinute) };
    }
    const left = reads.left(id);
    return left === null ? null : { name: 'reads', ...left };
  };
}
