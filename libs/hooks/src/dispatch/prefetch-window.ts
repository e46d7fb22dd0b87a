import type { ClaimBounds, ClaimedDelivery, KeyBounds, ReceiverBounds } from '../store/claim-deliveries.js';
import { ReadyDeliveries, type ReadyDelivery } from './ready-deliveries.js';
import {
  isMoving,
  isPrompt,
  isQuick,
  type PlaceLimits,
  type Receiver,
  ReceiverPlaces,
} from '../receivers/in-flight-quota.js';

/**
 * How many ends are claimed before they can begin, for each try under way of a receiver that answers quickly: 64 deliveries
 * cost 1.3 statements so, and 3.5 where each place that is free is claimed for.
 */
const AHEAD = 2;
/** What may be claimed ahead in all, for each place; a key gets as much of it as it leaves. */
const AHEAD_IN_ALL = 4 / 3;
/** Rows of one claim. */
const MOST_CLAIMED = 192;

/** What the places of a process are used for, and claims that have none. */
export interface HookPlaces {
  /** Tries under way: to receivers that answer promptly, and to all others. */
  prompt: number;
  unproven: number;
  free: number;
  /** Claims that wait for a place, and those whose receiver's address is being looked up. */
  ready: number;
  locating: number;
}

/**
 * What this process has claimed, and how much more it may of each key, address and receiver. Claims are handed in by
 * `admit`, begin by `next`, and end by `end`; those that are not to begin are taken out by `drop…`.
 */
export class PrefetchWindow {
  readonly places: ReceiverPlaces;
  private readonly ready = new ReadyDeliveries();
  /** Claims whose receiver's address is being looked up, by key. */
  private readonly looking = new Map<string, number>();

  constructor(private readonly limits: PlaceLimits) {
    this.places = new ReceiverPlaces(limits);
  }

  usage(now: number): HookPlaces {
    const { places, locating } = this;
    const unproven = places.unproven(now);
    return { prompt: places.total - unproven, unproven, free: places.free, ready: this.ready.size, locating };
  }

  /** Counts a claim whose receiver's address is not known yet; to be followed by `endLookUp`. */
  beginLookUp({ apiKeyId, host }: ClaimedDelivery): Receiver {
    this.looking.set(apiKeyId, (this.looking.get(apiKeyId) ?? 0) + 1);
    const receiver = this.places.receiver(apiKeyId, host, host);
    receiver.waiting += 1;
    return receiver;
  }

  endLookUp(receiver: Receiver, now: number): void {
    const left = (this.looking.get(receiver.apiKeyId) ?? 0) - 1;
    if (left > 0) this.looking.set(receiver.apiKeyId, left);
    else this.looking.delete(receiver.apiKeyId);
    this.leave(receiver, now);
  }

  /** Takes in a claim. @param now ms, as for ReceiverPlaces, here and below */
  admit(claim: ClaimedDelivery, address: string, now: number): void {
    const receiver = this.places.receiver(claim.apiKeyId, claim.host, address);
    receiver.waiting += 1;
    this.ready.add({ claim, receiver, at: now });
  }

  /** Gives the next claim that may begin its place; null: there is none. */
  next(now: number): ReadyDelivery | null {
    const next = this.ready.take((receiver) => this.places.mayBegin(receiver, now));
    if (next === null) return null;
    next.receiver.waiting -= 1;
    this.places.begin(next.receiver, now);
    return next;
  }

  /** Takes out all that is ready for a receiver. */
  dropOf(receiver: Receiver, now: number): ClaimedDelivery[] {
    return this.dropped(this.ready.dropOf(receiver), now);
  }

  /** Takes out what was claimed before that moment. */
  dropOlder(than: number, now: number): ClaimedDelivery[] {
    return this.dropped(this.ready.dropOlder(than), now);
  }

  /**
   * Takes out what is not claimed ahead and may not begin: its key or its address has used up its share. It is to be given
   * back, so that it holds up nobody who may.
   */
  dropCrowded(now: number): ClaimedDelivery[] {
    const crowded = this.ready
      .receivers()
      .filter((receiver) => !isPrompt(receiver, now) && !this.places.mayBegin(receiver, now));
    return crowded.flatMap((receiver) => this.dropOf(receiver, now));
  }

  /** What the next claim may take. */
  bounds(now: number): ClaimBounds {
    const byKey = new Map<string, Receiver[]>();
    for (const receiver of this.places.known) {
      const ofKey = byKey.get(receiver.apiKeyId);
      if (ofKey === undefined) byKey.set(receiver.apiKeyId, [receiver]);
      else ofKey.push(receiver);
    }
    const { ofKey: newKey, ofAddress: newAddress } = this.places.roomFor('', null, false, now);
    const spare = Math.ceil(this.aheadInAll) - this.ready.size - this.locating;
    return {
      limit: Math.max(0, Math.min(MOST_CLAIMED, this.places.free + spare)),
      receivers: [...byKey.values()].flatMap((ofKey) => ofKey.map((receiver) => this.ofReceiver(receiver, ofKey, now))),
      keys: [...byKey].map(([apiKeyId, ofKey]) => this.ofKey(apiKeyId, ofKey, now)),
      newKey,
      newAddress,
      maxPerHost: this.limits.maxPerHost,
    };
  }

  /**
   * Whether so little is ready of a key that a claim is worth its statement. What is ready for a receiver that takes no
   * more, because its tries hang, is nobody's supply.
   */
  isLow(apiKeyId: string, now: number): boolean {
    let ready = 0;
    for (const receiver of this.ready.receivers(apiKeyId)) {
      const isTaking = receiver.begun.length < this.limits.maxPerHost || isMoving(receiver, now);
      if (isTaking) ready += this.ready.of(receiver);
    }
    return ready <= this.places.ofKey(apiKeyId) / 2;
  }

  private get locating(): number {
    let all = 0;
    for (const count of this.looking.values()) all += count;
    return all;
  }

  private get aheadInAll(): number {
    return this.limits.maxInFlight * AHEAD_IN_ALL;
  }

  private dropped(ready: readonly ReadyDelivery[], now: number): ClaimedDelivery[] {
    for (const { receiver } of ready) this.leave(receiver, now);
    return ready.map(({ claim }) => claim);
  }

  private leave(receiver: Receiver, now: number): void {
    receiver.waiting -= 1;
    this.places.forget(receiver, now);
  }

  /** @param ofKey all of its key */
  private ofReceiver(receiver: Receiver, ofKey: readonly Receiver[], now: number): ReceiverBounds {
    const { apiKeyId, host, address, begun, waiting } = receiver;
    const prompt = isPrompt(receiver, now);
    const left = this.limits.maxPerHost - begun.length - waiting;
    const atAddress = prompt
      ? 0
      : this.places.roomFor(apiKeyId, address, false, now).ofAddress - waitingOf(ofKey, false, now, address);
    return {
      api_key_id: apiKeyId,
      host,
      is_prompt: prompt,
      claims: begun.length + waiting,
      room: prompt ? left : Math.min(left, atAddress),
      ahead: isQuick(receiver, now) ? AHEAD * this.limits.maxPerHost : 0,
      address_room: prompt ? null : atAddress,
    };
  }

  private ofKey(apiKeyId: string, ofKey: readonly Receiver[], now: number): KeyBounds {
    const [forPrompt, forOthers] = [true, false].map((isForPrompt) => waitingOf(ofKey, isForPrompt, now)) as [
      number,
      number,
    ];
    const quick = ofKey.filter((receiver) => isQuick(receiver, now)).length;
    // No more than it leaves to others.
    const share = (this.aheadInAll - (this.ready.size + this.locating - forPrompt - forOthers) + 1) / 2;
    const ahead = Math.floor(Math.min(share, AHEAD * this.limits.maxPerHost * quick));
    const others = this.places.roomFor(apiKeyId, null, false, now);
    return {
      api_key_id: apiKeyId,
      room: others.ofKey - forOthers,
      prompt_room: this.places.roomFor(apiKeyId, null, true, now).ofKey + ahead - forPrompt,
      address_room: others.ofAddress,
    };
  }
}

/** Claims that wait for receivers that are prompt, or for others. @param address theirs; any unless told */
function waitingOf(receivers: readonly Receiver[], isForPrompt: boolean, now: number, address?: string): number {
  let waiting = 0;
  for (const receiver of receivers) {
    if (address !== undefined && receiver.address !== address) continue;
    if (isPrompt(receiver, now) === isForPrompt) waiting += receiver.waiting;
  }
  return waiting;
}
