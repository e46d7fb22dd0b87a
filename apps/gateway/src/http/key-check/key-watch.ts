import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiKeyCache, KnownKey } from '#libs/access';
import { MjError } from '../errors/mj-error.js';
import { isSubmit } from '../routes/route-access.js';
import type { SessionCheck } from './session-check.js';

/** How often the keys of long requests are read again, ms: a change of a key takes effect within 10 s. */
export const KEY_WATCH_MS = 6_000;
/** Requests younger than this are left out, ms: their key was just checked. */
const LONG_MS = 1_000;
/** How long a waiting request may take to answer once it is refused, ms; then its connection is cut. */
const LAST_WORDS_MS = 2_000;

interface Watched {
  reply: FastifyReply;
  since: number;
}

export interface KeyWatchOptions {
  /** Who is signed in to Studio; null: there is none. */
  sessions?: Pick<SessionCheck, 'liveOf'> | null;
  keys: Pick<ApiKeyCache, 'readNow'>;
  /** The time by which keys expire. */
  now: () => Date;
  /** ms, of a clock that only goes on. */
  clock?: () => number;
}

/**
 * Ends long requests (waits, event streams, slow bodies, lists) whose key or session of Studio was revoked, or whose key may not
 * be used from their address any more, after they began. All of their keys are read again in one statement, their sessions in
 * another, and in none while there are no long requests.
 */
export class KeyWatch {
  private readonly requests = new Map<FastifyRequest, Watched>();
  private readonly clock: () => number;

  constructor(private readonly options: KeyWatchOptions) {
    this.clock = options.clock ?? (() => performance.now());
  }

  /** To be installed after the key check, and once more after the admin check: each lets requests in. */
  install(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      if ((request.apiKey !== null || request.studioSession !== null) && !this.requests.has(request)) {
        this.requests.set(request, { reply, since: this.clock() });
        request.life.onEnd(() => this.requests.delete(request));
      }
      done();
    });
  }

  /** Looks at the keys and sessions of all requests that take long. @throws DatabaseUnavailableError */
  async look(): Promise<void> {
    const before = this.clock() - LONG_MS;
    const long = [...this.requests].filter(([, { since }]) => since <= before);
    if (long.length === 0) return;
    const ids = new Set(long.flatMap(([{ apiKey }]) => apiKey?.id ?? []));
    const keys = ids.size === 0 ? new Map<string, KnownKey>() : await this.options.keys.readNow([...ids]);
    const live = await this.liveSessions(long.map(([request]) => request));
    for (const [request, { reply }] of long) {
      const { studioSession } = request;
      const refusal =
        studioSession !== null && !live.has(studioSession.id)
          ? new MjError('session_has_ended')
          : this.refusalOf(request, keys.get(request.apiKey?.id ?? ''));
      if (refusal !== null && !request.life.hasEnded) end(request, reply, refusal);
    }
  }

  private async liveSessions(requests: readonly FastifyRequest[]): Promise<ReadonlySet<string>> {
    const ids = new Set(requests.flatMap(({ studioSession }) => studioSession?.id ?? []));
    return ids.size === 0 ? ids : ((await this.options.sessions?.liveOf([...ids])) ?? new Set());
  }

  private refusalOf(request: FastifyRequest, key: KnownKey | undefined): MjError | null {
    const had = request.apiKey;
    if (had === null) return null;
    if (key === undefined || key.revokedAt !== null || !key.keyHash.equals(had.keyHash)) {
      return new MjError('invalid_api_key');
    }
    if (key.addresses?.has(request.ip) === false) return new MjError('address_not_allowed');
    // An expired key may still read; a submit whose body is still coming may not begin.
    const hasExpired = key.expiresAt !== null && key.expiresAt <= this.options.now();
    return hasExpired && isSubmit(request) && isComing(request) ? new MjError('invalid_api_key') : null;
  }
}

/** Ends a request that waits, is being sent or is being received. Any other is about to be answered: its work goes on. */
function end(request: FastifyRequest, reply: FastifyReply, refusal: MjError): void {
  const { life } = request;
  life.refuse(refusal);
  if (life.isWaiting) {
    const timer = setTimeout(() => life.cut('revoked'), LAST_WORDS_MS).unref();
    return life.onEnd(() => clearTimeout(timer));
  }
  if (reply.raw.headersSent) return life.cut('revoked');
  if (isComing(request) && !reply.sent) void reply.header('connection', 'close').send(refusal);
}

function isComing({ raw }: FastifyRequest): boolean {
  return !raw.complete;
}
