import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Shares } from '../traffic/shares.js';
import type { Room } from './body-budget.js';
import { BodyShares } from './body-shares.js';
import { contentCodings } from './content-encoding.js';
import { MjError } from './mj-error.js';
import { BODY_LIMIT, type RouteAccess } from './route-access.js';

const MIB = 1024 * 1024;
/** Large bodies that are read, judged and passed on at one time, bytes as they come in; one key leaves some for others. */
const SHARES = { total: 256 * MIB, share: 224 * MIB, places: 64 };
/** Longest wait for room; well below the time a request may take. */
const WAIT_MS = 10_000;
const RETRY_SECONDS = 2;
/** Bytes of the body that may have been read together with the headers. */
const READ_AHEAD = 64 * 1024;

/** What is known of a request's body while it is under way. */
interface Admitted {
  room: Room;
  /** Of the socket, when the request came. */
  bytesBefore: number;
}

/**
 * Bounds the memory that pictures in bodies take: a request with a large body is read only when there is room for it, and
 * keeps its room until it is answered. A body that does not say how long it is has the most room it could need until it
 * is read. To be installed after the key check: strangers hold no room.
 */
export function installBodyAdmission(fastify: FastifyInstance, shares: Shares, room = new BodyShares(SHARES)): void {
  shares.add({ name: 'upload_bytes', limit: SHARES.total, used: () => room.inUse });
  const admitted = new WeakMap<FastifyRequest, Admitted>();
  const admit = async (request: FastifyRequest, bytes: number): Promise<void> => {
    const { life } = request;
    const bytesBefore = request.raw.socket.bytesRead;
    const giveUp = new AbortController();
    const leave = (): void => giveUp.abort();
    const timer = setTimeout(leave, WAIT_MS);
    life.onEnd(leave);
    const taken = await room.take(request.apiKey?.id ?? '', bytes, giveUp.signal);
    clearTimeout(timer);
    if (taken === null) throw new MjError('too_many_uploads', { retryAfter: RETRY_SECONDS });
    admitted.set(request, { room: taken, bytesBefore });
    life.onEnd(() => taken.leave());
  };
  fastify.addHook('onRequest', (request, _reply, done) => {
    const bytes = largeBodyOf(request);
    if (bytes === null) return done();
    admit(request, bytes).then(() => done(), done);
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    const known = admitted.get(request);
    if (known !== undefined && contentCodings(request).length === 0) {
      known.room.shrinkTo(request.raw.socket.bytesRead - known.bytesBefore + READ_AHEAD);
    }
    done();
  });
}

/** Bytes that the body may take up; null when it is small by the route or by what it says of itself, or never read. */
function largeBodyOf(request: FastifyRequest): number | null {
  const { bodyLimit = BODY_LIMIT.plain } = request.routeOptions.config as RouteAccess;
  if (bodyLimit <= BODY_LIMIT.plain) return null;
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  if (length === undefined) return coding === undefined ? null : bodyLimit;
  // Nobody knows what comes out of it.
  if (contentCodings(request).length > 0) return bodyLimit;
  const bytes = Number(length);
  // What says that it is too large is refused by that alone, and need not wait for it.
  return bytes <= BODY_LIMIT.plain || bytes > bodyLimit ? null : bytes;
}
