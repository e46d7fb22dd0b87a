import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { OutboundError, type OutboundErrorKind } from '#libs/net';
import { nullOnAbort } from '#libs/runtime';
import type { OriginClient } from './origin-client.js';
import { OwnerGate, type OwnerGateOptions } from './owner-gate.js';

/** Why there is nothing: what the call ended in, or the status that was answered. */
export type LinkFault = OutboundErrorKind | `status_${number}` | 'empty';

/** What a link led to. Whoever has it says when it is not needed any more. */
export type LinkedInput =
  | { kind: 'fetched'; base64: readonly Buffer[]; leave: () => void }
  | { kind: 'too_large' }
  | { kind: 'unreachable'; fault: LinkFault }
  /** Too much of its owner, or of all, is under way or held. */
  | { kind: 'busy' };

export interface LinkedInputLimits {
  /** One fetch from beginning to end, and one wait for it, ms. */
  deadlineMs: number;
  /** Bytes of one. */
  maxBytes: number;
  /** At one time. */
  fetches: OwnerGateOptions;
  /** Bytes held as base64, of one owner and of all. */
  heldByOwner: number;
  held: number;
}

const MIB = 1024 * 1024;

export const LINKED_INPUT_LIMITS: LinkedInputLimits = {
  deadlineMs: 20_000,
  maxBytes: 10 * MIB,
  fetches: { total: 32, perOwner: 6, places: 60 },
  heldByOwner: 96 * MIB,
  held: 256 * MIB,
};

type Fetched = Exclude<LinkedInput, { kind: 'fetched' }> | { kind: 'fetched'; base64: readonly Buffer[] };

/** One fetch, for all of its owner who want it at a time. */
interface Flight {
  result: Promise<Fetched>;
  hasBegun: boolean;
  /** Who wait for it or have it; without any it is given up. */
  users: number;
  giveUp: AbortController;
  /** Held for it. */
  bytes: number;
}

/** Encoded at one time: a multiple of three, so that pieces can be put one behind the other. */
const PIECE_BYTES = 48 * 1024;
const REDIRECTS = 2;

/**
 * Fetches what clients link to, by the guarded way out: as base64, because that is what upstreams take, encoded while it
 * comes in. Each owner has a share of the fetches and of the bytes that are held; links that are asked for twice at a
 * time are fetched once. Nothing is judged here but its length.
 */
@Injectable()
export class LinkedInputs implements OnApplicationShutdown {
  private readonly flights = new Map<string, Flight>();
  private readonly gate: OwnerGate;
  private readonly heldBy = new Map<string, number>();
  private heldBytes = 0;

  constructor(
    private readonly client: OriginClient,
    private readonly limits: LinkedInputLimits = LINKED_INPUT_LIMITS,
  ) {
    this.gate = new OwnerGate(limits.fetches);
  }

  /** Fetches under way now. */
  get fetching(): number {
    return this.gate.inside;
  }

  /** Bytes held for those who have them or wait for the rest. */
  get held(): number {
    return this.heldBytes;
  }

  /** What a link leads to, until the signal ends the wait. Never throws for what the origin does. */
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
      // Whoever joined a fetch that began earlier still has time of its own.
      const isLate = found.kind === 'unreachable' && found.fault === 'timeout' && known !== undefined;
      if (!isLate || signal.aborted) return found;
    }
  }

  /** Ends every fetch that goes on. */
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
      // What failed is tried anew by the next who asks.
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
    if (!(await this.gate.enter(owner))) return { kind: 'busy' };
    try {
      if (flight.users === 0) return { kind: 'busy' };
      flight.hasBegun = true;
      return await this.fetch(owner, url, flight);
    } finally {
      this.gate.leave(owner);
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
