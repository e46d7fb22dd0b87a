import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Pace, type PaceLimit } from './pace.js';
import { RequestLife, type CutReason, type RequestConnection } from './request-life.js';

/** Most pipelined requests of one connection that are handled at a time. Clients that pipeline at all send a handful. */
const MOST_UNDER_WAY = 4;
/** Unread bytes of answers above which the next pipelined request waits (back-pressure). */
const MOST_UNSENT_BYTES = 64 * 1024;
/** What Node is told that answers hold while requests wait: far more than the 16 KiB at which it stops reading. */
const HOLD_BYTES = 2 ** 30;

/**
 * How Node's server stops reading a connection whose answers pile up: each response reports what it holds, and the socket
 * is paused while the sum is too high. Reporting more than there is has it stop reading, the parser included, with nobody
 * in between. `_paused` stops it at once instead of at the next request.
 */
type HeldResponse = ServerResponse & { _onPendingData?: (bytes: number) => void };
type HeldSocket = Socket & { _paused?: boolean };
/** Bytes that the system has not taken yet of what it was given. */
type QueueingSocket = Socket & { _handle?: { writeQueueSize?: number } | null };

/** Works on a request: Fastify's entry. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

interface Waiting {
  request: IncomingMessage;
  response: ServerResponse;
  handle: RequestHandler;
}

export interface ConnectionEvents {
  /** A request is worked on from now on. */
  began: (life: RequestLife) => void;
  /** So many more (or fewer, if negative) wait for their turn. */
  waiting: (change: number) => void;
  /** It was cut. */
  cut: (reason: CutReason) => void;
}

/** At what rate the body of a request has to come. */
export const BODY_PACE: PaceLimit = { leastRate: 16 * 1024, stallTimeoutMs: 30_000 };
/** What may come of a body after its request was answered: as much as the largest body has. */
const MOST_REST_BYTES = 32 * 1024 * 1024;

/**
 * At what rate clients have to take their answers. A kernel takes up to 1.4 MB more only when it has sent as much, so that one
 * who reads 16 KiB a second seems to stall for 90 s: that is the least rate that is promised.
 */
export const READ_PACE: PaceLimit = { leastRate: 8 * 1024, stallTimeoutMs: 105_000 };

/**
 * One connection and the requests that came on it. A few are handled at a time, in their order; the others wait, and while any
 * wait nothing more is read from the socket: TCP's back-pressure slows a client that pipelines thousands.
 */
export class Connection implements RequestConnection {
  private readonly underWay = new Map<ServerResponse, RequestLife>();
  private readonly pace = new Pace();
  private bodyPace = new Pace();
  /** The newest request that is being handled: only its body may still be coming. */
  private newest: IncomingMessage | null = null;
  private readBytes = 0;
  /** `bytesRead` of the socket when that request was answered before all of its body had come. */
  private restFrom: number | null = null;
  private taken = 0;
  private queued = 0;
  private waiting: Waiting[] = [];
  private heldBy: HeldResponse | null = null;
  private lastWords: string | null = null;

  constructor(
    readonly socket: Socket,
    private readonly lives: WeakMap<IncomingMessage, RequestLife>,
    private readonly events: ConnectionEvents,
  ) {
    socket.once('close', () => this.close());
  }

  /** Whether none of its requests is being handled or waits. */
  get isIdle(): boolean {
    return this.underWay.size === 0 && this.waiting.length === 0;
  }

  /** Handles a request, now or when its turn comes. */
  take(request: IncomingMessage, response: ServerResponse, handle: RequestHandler): void {
    if (this.waiting.length === 0 && this.hasRoom()) return this.begin({ request, response, handle });
    this.waiting.push({ request, response, handle });
    this.events.waiting(1);
    this.stopReading(response);
  }

  /** Writes a whole answer behind those that are still to come, and ends the connection; nothing more is read of it. */
  endWith(answer: string): void {
    this.lastWords ??= answer;
    const held = this.waiting.at(-1)?.response ?? [...this.underWay.keys()].at(-1);
    if (held !== undefined) this.stopReading(held);
    this.sayLastWords();
  }

  private sayLastWords(): void {
    if (this.lastWords === null || this.waiting.length > 0) return;
    const [first] = this.underWay.keys();
    // The body of the newest request is broken: the answer written here is that request's.
    if (first?.req.complete === true) return;
    if (first?.headersSent !== true && this.socket.writable) this.socket.write(this.lastWords);
    this.socket.destroySoon();
  }

  stalledMs(now: number): number {
    return this.pace.stalledMs(now);
  }

  cut(reason: CutReason): void {
    if (this.socket.destroyed) return;
    this.socket.destroy();
    this.events.cut(reason);
    // The socket's close event comes a turn later, and the caller needs the place now.
    this.close();
  }

  /** Cuts the connection where its client reads its answers too slowly. @param now ms, of `performance` */
  look(now: number, limit: PaceLimit = READ_PACE): void {
    const [life] = this.underWay.values();
    this.pace.look(now, this.takenSince(), limit);
    if (
      life !== undefined &&
      this.pace.isTooSlow({ ...limit, stallTimeoutMs: life.stallTimeoutMs ?? limit.stallTimeoutMs })
    ) {
      this.cut('unread');
    }
    this.lookAtBody(now);
  }

  private lookAtBody(now: number): void {
    const { socket, newest } = this;
    const life = newest === null || newest.complete ? undefined : this.lives.get(newest);
    // While the gateway itself does not read (no budget left, key not checked yet), the client is not too slow.
    const isRead = life !== undefined && newest?.readableFlowing === true;
    const moved = socket.bytesRead - this.readBytes;
    this.readBytes = socket.bytesRead;
    this.bodyPace.look(now, isRead ? moved : null, BODY_PACE);
    if (life === undefined) return;
    if (this.bodyPace.isTooSlow(BODY_PACE)) {
      // The answer may take as long to be read as the body had to come.
      this.bodyPace = new Pace();
      if (life.hasEnded || !life.tellSlowBody()) this.cut('body');
    }
    if (this.restFrom !== null && socket.bytesRead - this.restFrom > MOST_REST_BYTES) this.cut('body');
  }

  /** Bytes that the client has taken since the last call; null where nothing waits for it. */
  private takenSince(): number | null {
    const socket: QueueingSocket = this.socket;
    const taken = socket.bytesWritten - socket.writableLength;
    const queued = socket._handle?.writeQueueSize ?? 0;
    // Node counts a chunk as written only as a whole; until then the system's unsent bytes show how far it got.
    const moved = taken > this.taken ? taken - this.taken : Math.max(0, this.queued - queued);
    this.taken = taken;
    this.queued = queued;
    return socket.writableLength === 0 ? null : moved;
  }

  private begin({ request, response, handle }: Waiting): void {
    const life = new RequestLife(this);
    this.underWay.set(response, life);
    this.lives.set(request, life);
    this.newest = request;
    this.restFrom = null;
    // Before Node closes the connection of an answer that is the last on it; what is destroyed is told to have finished, too.
    response.prependOnceListener('finish', () => life.end(this.socket.destroyed ? 'abandoned' : 'answered'));
    response.once('close', () => this.end(response, life));
    this.events.began(life);
    handle(request, response);
  }

  private end(response: ServerResponse, life: RequestLife): void {
    if (!this.underWay.delete(response)) return;
    if (response.req === this.newest && !response.req.complete) this.restFrom = this.socket.bytesRead;
    life.end('abandoned');
    while (this.hasRoom()) {
      const next = this.waiting.shift();
      if (next === undefined) break;
      this.events.waiting(-1);
      this.begin(next);
    }
    if (this.lastWords !== null) this.sayLastWords();
    else if (this.waiting.length === 0) this.readOn();
  }

  private hasRoom(): boolean {
    if (this.underWay.size === 0) return true;
    if (this.underWay.size >= MOST_UNDER_WAY) return false;
    let unsent = 0;
    for (const { writableLength } of this.underWay.keys()) unsent += writableLength;
    return unsent <= MOST_UNSENT_BYTES;
  }

  private stopReading(response: HeldResponse): void {
    if (this.heldBy !== null) return;
    this.heldBy = response;
    response._onPendingData?.(HOLD_BYTES);
    const socket: HeldSocket = this.socket;
    socket._paused = true;
    socket.pause();
  }

  private readOn(): void {
    const held = this.heldBy;
    this.heldBy = null;
    if (held !== null && !this.socket.destroyed) held._onPendingData?.(-HOLD_BYTES);
  }

  /** The connection is gone, and with it all that came on it, answered or not. */
  private close(): void {
    if (this.waiting.length > 0) this.events.waiting(-this.waiting.length);
    this.waiting = [];
    for (const [response, life] of [...this.underWay]) {
      // Node closes only the response that owns the socket; streams that feed the other responses would wait for ever.
      if (response.socket === null && !response.destroyed) response.destroy().emit('close');
      this.underWay.delete(response);
      life.end('abandoned');
    }
  }
}
