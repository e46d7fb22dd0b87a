import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { OutboundError, type OutboundErrorKind } from '#libs/net';
import { KeyPermits, nullOnAbort, PermitRefusedError, type PermitLimits } from '#libs/runtime';
import type { OriginClient } from './origin-client.js';

/** Why a link gave no picture: how the call failed, the status of the answer, or an empty body. */
export type LinkFault = OutboundErrorKind | `status_${number}` | 'empty';

/** The result of a fetch. `leave` is to be called when the bytes are not needed any more. */
export type LinkedInput =
  | { kind: 'fetched'; base64: readonly Buffer[]; leave: () => void }
  | { kind: 'too_large' }
  | { kind: 'unreachable'; fault: LinkFault }
  /** Too many fetches or bytes of its owner, or of all owners, are under way or held. */
  | { kind: 'busy' };

export interface LinkedInputLimits {
  /** One fetch from beginning to end, ms. */
  deadlineMs: number;
  /** Bytes of one input. */
  maxBytes: number;
  /** Fetches at a time, by owner. */
  fetches: PermitLimits;
  /** Bytes of base64 that are held, of one owner and of all. */
  heldByOwner: number;
  held: number;
}

const MIB = 1024 * 1024;

export const LINKED_INPUT_LIMITS: LinkedInputLimits = {
  deadlineMs: 20_000,
  maxBytes: 10 * MIB,
  // A caller ends its wait itself, by its signal: this limit only ends one that never does.
  fetches: { total: 32, perKey: 6, waitersPerKey: 60, waitMs: 120_000 },
  heldByOwner: 96 * MIB,
  held: 256 * MIB,
};

type Fetched = Exclude<LinkedInput, { kind: 'fetched' }> | { kind: 'fetched'; base64: readonly Buffer[] };

/** One fetch of a link, shared by the concurrent callers of its owner. */
interface Flight {
  result: Promise<Fetched>;
  hasBegun: boolean;
  /** Callers that wait for the result or use it; without any the fetch is given up. */
  users: number;
  giveUp: AbortController;
  /** Bytes that it holds. */
  bytes: number;
}

/** Bytes that are encoded at a time: a multiple of three, so that the pieces of base64 can be joined. */
const PIECE_BYTES = 48 * 1024;
const REDIRECTS = 2;

/**
 * Fetches the pictures that clients link to, through the guarded client. The bytes are encoded as base64 while they come
 * in, because upstreams take base64. Each owner has a quota of fetches and of held bytes; concurrent requests of an owner
 * for one link share a fetch. Only the length is checked here, not the content.
 */
@Injectable()
export class LinkedInputs implements OnApplicationShutdown {
  private readonly flights = new Map<string, Flight>();
  private readonly permits: KeyPermits;
  private readonly heldBy = new Map<string, number>();
  private heldBytes = 0;

  constructor(
    private readonly client: OriginClient,
    private readonly limits: LinkedInputLimits = LINKED_INPUT_LIMITS,
  ) {
    this.permits = new KeyPermits(limits.fetches);
  }

  /** Fetches under way now. */
  get fetching(): number {
    return this.permits.held;
  }

  /** Bytes of base64 that are held now. */
  get held(): number {
    return this.heldBytes;
  }

  /** Fetches a link, until the signal ends the wait. Never throws for faults of the origin. */
  async take(owner: string, url: string, signal: AbortSignal): Promise<LinkedInput> {
    const key = `${owner} ${url}`;
    for (;;) {
      const known = this.flights.get(key);
      const flight = known ?? this.start(key, owner, url);
      flight.users += 1;
      const leave = once(() => this.leave(key, owner, flight));
      const found = await nullOnAbort(signal, flight.result);
      if (found?.kind === 'fetched') return { ...found, leave };
      const hadBegun = flight.hasBegun;
      leave();
      if (found === null) return hadBegun ? { kind: 'unreachable', fault: 'timeout' } : { kind: 'busy' };
      // A caller that joined an earlier fetch still has time left, and begins one of its own.
      const isLate = found.kind === 'unreachable' && found.fault === 'timeout' && known !== undefined;
      if (!isLate || signal.aborted) return found;
    }
  }

  /** Breaks off every fetch. */
  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }

  private start(key: string, owner: string, url: string): Flight {
    const flight: Flight = {
      result: Promise.resolve({ kind: 'busy' }),
      hasBegun: false,
      users: 0,
      giveUp: new AbortController(),
      bytes: 0,
    };
    this.flights.set(key, flight);
    flight.result = this.fetchInTurn(owner, url, flight).then((found) => {
      const isWanted = found.kind === 'fetched' && flight.users > 0;
      // The next caller begins a new fetch after a failure.
      if (!isWanted) this.end(key, owner, flight);
      return found;
    });
    return flight;
  }

  private leave(key: string, owner: string, flight: Flight): void {
    flight.users -= 1;
    if (flight.users > 0) return;
    flight.giveUp.abort();
    this.end(key, owner, flight);
  }

  private end(key: string, owner: string, flight: Flight): void {
    if (this.flights.get(key) === flight) this.flights.delete(key);
    this.hold(owner, flight, -flight.bytes);
  }

  private async fetchInTurn(owner: string, url: string, flight: Flight): Promise<Fetched> {
    const work = (): Promise<Fetched> => {
      flight.hasBegun = true;
      return this.fetch(owner, url, flight);
    };
    try {
      return await this.permits.run(owner, work, { signal: flight.giveUp.signal });
    } catch (error) {
      if (error instanceof PermitRefusedError) return { kind: 'busy' };
      throw error;
    }
  }

  private async fetch(owner: string, url: string, flight: Flight): Promise<Fetched> {
    const { deadlineMs, maxBytes } = this.limits;
    try {
      const { signal } = flight.giveUp;
      const asked = { deadlineMs, maxBytes, maxHops: REDIRECTS, accept: 'image/*', signal } as const;
      const answer = await this.client.download(url, null, asked);
      if (answer.status !== 200) return { kind: 'unreachable', fault: `status_${answer.status}` };
      return await this.read(owner, answer.body, flight);
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      return error.kind === 'too_large' ? { kind: 'too_large' } : { kind: 'unreachable', fault: error.kind };
    }
  }

  private async read(owner: string, body: Readable, flight: Flight): Promise<Fetched> {
    const base64: Buffer[] = [];
    let rest: Buffer[] = [];
    let restBytes = 0;
    const encode = (bytes: number): void => {
      const all = Buffer.concat(rest);
      base64.push(Buffer.from(all.toString('base64', 0, bytes), 'latin1'));
      rest = bytes < all.length ? [all.subarray(bytes)] : [];
      restBytes = all.length - bytes;
    };
    for await (const chunk of body as AsyncIterable<Buffer>) {
      rest.push(chunk);
      restBytes += chunk.length;
      if (restBytes < PIECE_BYTES) continue;
      const whole = restBytes - (restBytes % 3);
      if (!this.hasRoom(owner, whole)) return { kind: 'busy' };
      this.hold(owner, flight, encodedLength(whole));
      encode(whole);
    }
    if (restBytes > 0) {
      this.hold(owner, flight, encodedLength(restBytes));
      encode(restBytes);
    }
    return base64.length === 0 ? { kind: 'unreachable', fault: 'empty' } : { kind: 'fetched', base64 };
  }

  private hasRoom(owner: string, bytes: number): boolean {
    const { held, heldByOwner } = this.limits;
    const more = encodedLength(bytes);
    return this.heldBytes + more <= held && (this.heldBy.get(owner) ?? 0) + more <= heldByOwner;
  }

  private hold(owner: string, flight: Flight, bytes: number): void {
    flight.bytes += bytes;
    this.heldBytes += bytes;
    const left = (this.heldBy.get(owner) ?? 0) + bytes;
    if (left > 0) this.heldBy.set(owner, left);
    else this.heldBy.delete(owner);
  }
}

function encodedLength(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
