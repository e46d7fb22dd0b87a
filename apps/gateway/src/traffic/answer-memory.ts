import type { FastifyInstance, FastifyRequest } from 'fastify';
import { networkOf } from '../http/limits/address-limiter.js';
import { MjError } from '../http/errors/mj-error.js';
import { SharedSemaphore } from './shared-semaphore.js';
import type { ResourceGauges } from './resource-gauges.js';

/** Shorter answers are not counted: those of all requests under way together hold 80 MB at most. */
const COUNTED_FROM = 16 * 1024;
const RETRY_SECONDS = 1;

export interface AnswerMemoryLimits {
  /** Characters of all answers together. */
  total: number;
  /** Of one key, or of one address without a key. */
  perKey: number;
}

/**
 * Limits the memory of answers that were made as a whole and that their clients have not read yet. Streams, which hold a piece
 * or two, and constant answers, which all requests share, are not counted.
 */
export class AnswerMemory {
  private readonly held: SharedSemaphore;

  constructor(
    private readonly limits: AnswerMemoryLimits,
    gauges: ResourceGauges,
    now: () => number = () => performance.now(),
  ) {
    this.held = new SharedSemaphore(limits.total, now);
    gauges.add({ name: 'answer_bytes', limit: limits.total, used: () => this.held.used });
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
    // An answer larger than the quota is sent all the same while its owner holds no other.
    const amount = Math.min(chars, this.limits.perKey);
    return this.held.acquire(life, { owner, quota: this.limits.perKey }, amount) === null;
  }
}
