import type { FastifyInstance, FastifyRequest } from 'fastify';
import { networkOf } from '../http/limits/address-limiter.js';
import { MjError } from '../http/errors/mj-error.js';
import { SharedLimit } from './shared-semaphore.js';
import type { Shares } from './resource-gauges.js';

/** Shorter answers are not counted: all requests that may be under way together hold 80 MB of them. */
const COUNTED_FROM = 16 * 1024;
const RETRY_SECONDS = 1;

export interface AnswerMemoryLimits {
  /** Characters of all answers together. */
  total: number;
  /** Of one key, or of one address without a key. */
  share: number;
}

/**
 * Bounds what answers hold that were made as a whole and that their clients have not taken yet. Streams hold a piece or two
 * of theirs, and what is kept once for everybody costs nothing for one answer more: neither is counted.
 */
export class AnswerMemory {
  private readonly held: SharedLimit;

  constructor(
    private readonly limits: AnswerMemoryLimits,
    shares: Shares,
    now: () => number = () => performance.now(),
  ) {
    this.held = new SharedLimit(limits.total, now);
    shares.add({ name: 'answer_bytes', limit: limits.total, used: () => this.held.used });
  }

  install(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (request, _reply, payload, done) => {
      if (typeof payload !== 'string' || payload.length < COUNTED_FROM || this.admits(request, payload.length)) {
        return done(null, payload);
      }
      done(new MjError('overloaded', { retryAfter: RETRY_SECONDS }));
    });
  }

  private admits({ life, apiKey, ip }: FastifyRequest, chars: number): boolean {
    const owner = apiKey === null ? networkOf(ip) : `key ${apiKey.id}`;
    // An answer that is larger than a share is made all the same, while its owner holds nothing else.
    const amount = Math.min(chars, this.limits.share);
    return this.held.take(life, { owner, share: this.limits.share }, amount) === null;
  }
}
