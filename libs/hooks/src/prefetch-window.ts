import type { ClaimBounds, ClaimedDelivery, KeyBounds, ReceiverBounds } from './claim-deliveries.js';
import { ReadyDeliveries } from './ready-deliveries.js';
import { idOf, type PlaceLimits, type Receiver, ReceiverPlaces } from './receiver-places.js';

/**
 * How many ends are claimed before they can begin, for each try under way of a receiver that answers quickly: 64 deliveries
 * cost 1.3 statements so, and 3.5 where each place that is free is claimed for.
 */
const AHEAD = 2;
/** What may be claimed ahead in all, for each place; a key gets as much of it as it leaves. */
const AHEAD_IN_ALL = 4 / 3;
/** Rows of one claim. */
const MOST_CLAIMED = 192;

/** What this process has claimed, under way and not yet, and how much more it may of each key, address and receiver. */
export class PrefetchWindow {
  readonly places: ReceiverPlaces;
  readonly ready = new ReadyDeliveries();
  /** Claims whose receiver's address is being looked up. */
  private readonly located = new Map<string, { receiver: Receiver; size: number }>();
  private looking = 0;

  constructor(private readonly limits: PlaceLimits) {
    this.places = new ReceiverPlaces(limits);
  }

  /** Claims whose receiver's address is being looked up. */
  get locating(): number {
    return this.looking;
  }

  beginLookUp(receiver: Receiver): void {
    const found = this.located.get(idOf(receiver)) ?? { receiver, size: 0 };
    found.size += 1;
    this.located.set(idOf(receiver), found);
    this.looking += 1;
  }

  endLookUp(receiver: Receiver): void {
    const found = this.located.get(idOf(receiver));
    if (found === undefined) return;
    found.size -= 1;
    this.looking -= 1;
    if (found.size === 0) this.located.delete(idOf(receiver));
  }

  /** What the next claim may take. @param now ms, as for ReceiverPlaces */
  bounds(now: number): ClaimBounds {
    const receivers = this.knownReceivers();
    const quick = new Map<string, number>();
    for (const receiver of receivers) {
      const more = this.places.isQuick(receiver, now) ? 1 : 0;
      quick.set(receiver.apiKeyId, (quick.get(receiver.apiKeyId) ?? 0) + more);
    }
    const { free } = this.places;
    const spare = Math.ceil(this.aheadInAll) - this.ready.size;
    return {
      limit: Math.max(0, Math.min(MOST_CLAIMED, free + spare - this.looking)),
      receivers: receivers.map((receiver) => this.boundsOfReceiver(receiver, now)),
      keys: [...quick].map(([apiKeyId, receiversOfIt]) => this.boundsOfKey(apiKeyId, receiversOfIt, now)),
      newKey: this.places.roomOfKey('', false, now),
      newAddress: this.places.roomOfAddress({ apiKeyId: '', address: '' }, false, now),
      maxPerHost: this.limits.maxPerHost,
    };
  }

  /**
   * Takes out what is not claimed ahead and may not begin: its key or its address has used up its share. It is to be given
   * back, so that it holds nobody up who may.
   */
  dropCrowded(now: number): ClaimedDelivery[] {
    const crowded = [...this.ready.receivers()].filter(
      ({ receiver }) => !this.places.isPrompt(receiver, now) && !this.places.mayBegin(receiver, now),
    );
    return crowded.flatMap(({ receiver }) => this.ready.dropOf(receiver));
  }

  /**
   * Whether so little is ready of a key that a claim is worth its statement. What is ready for a receiver that takes no
   * more, because its tries hang, is nobody's supply.
   */
  isLow(apiKeyId: string, now: number): boolean {
    let ready = 0;
    for (const { receiver, size } of this.ready.receivers(apiKeyId)) {
      if (this.places.of(receiver) < this.limits.maxPerHost || this.places.isMoving(receiver, now)) ready += size;
    }
    return ready <= this.places.ofKey(apiKeyId) / 2;
  }

  private get aheadInAll(): number {
    return this.limits.maxInFlight * AHEAD_IN_ALL;
  }

  /** Each receiver that has claims here, or is remembered as prompt. */
  private knownReceivers(): Receiver[] {
    const found = new Map<string, Receiver>();
    for (const receiver of this.places.known) found.set(idOf(receiver), receiver);
    for (const { receiver } of this.ready.receivers()) found.set(idOf(receiver), receiver);
    for (const [id, { receiver }] of this.located) if (!found.has(id)) found.set(id, receiver);
    return [...found.values()];
  }

  private boundsOfReceiver(receiver: Receiver, now: number): ReceiverBounds {
    const isPrompt = this.places.isPrompt(receiver, now);
    const claims = this.claimsOf(receiver);
    const ofAddress = this.places.roomOfAddress(receiver, isPrompt, now) - this.waitingAt(receiver, now);
    const left = this.limits.maxPerHost - claims;
    return {
      api_key_id: receiver.apiKeyId,
      host: receiver.host,
      is_prompt: isPrompt,
      claims,
      room: isPrompt ? left : Math.min(left, ofAddress),
      ahead: this.places.isQuick(receiver, now) ? AHEAD * this.limits.maxPerHost : 0,
      address_room: ofAddress,
    };
  }

  /** @param quick how many of its receivers take hooks quickly */
  private boundsOfKey(apiKeyId: string, quick: number, now: number): KeyBounds {
    let [ofPrompt, ofOthers] = [0, 0];
    for (const { receiver, size } of this.ready.receivers(apiKeyId)) {
      if (this.places.isPrompt(receiver, now)) ofPrompt += size;
      else ofOthers += size;
    }
    for (const { receiver, size } of this.located.values()) if (receiver.apiKeyId === apiKeyId) ofOthers += size;
    // No more than it leaves to others.
    const share = (this.aheadInAll - (this.ready.size - ofPrompt - ofOthers) + 1) / 2;
    const ahead = Math.min(share, AHEAD * this.limits.maxPerHost * quick);
    return {
      api_key_id: apiKeyId,
      room: this.places.roomOfKey(apiKeyId, false, now) - ofOthers,
      prompt_room: Math.floor(this.places.roomOfKey(apiKeyId, true, now) + ahead) - ofPrompt,
      address_room: this.places.roomOfAddress({ apiKeyId, address: '' }, false, now),
    };
  }

  /** Claims for receivers at this address that are not prompt and have not begun. */
  private waitingAt({ apiKeyId, address }: Receiver, now: number): number {
    let waiting = 0;
    for (const { receiver, size } of this.ready.receivers(apiKeyId)) {
      if (receiver.address === address && !this.places.isPrompt(receiver, now)) waiting += size;
    }
    return waiting;
  }

  private claimsOf(receiver: Receiver): number {
    const looking = this.located.get(idOf(receiver))?.size ?? 0;
    return this.places.of(receiver) + this.ready.of(receiver) + looking;
  }
}
