import type { ClaimBounds, ClaimedDelivery, KeyBounds, ReceiverBounds } from '../store/claim-deliveries.js';
import { ReadyDeliveries, type ReadyDelivery } from './ready-deliveries.js';
import {
  isPrompt,
  isStalled,
  isFast,
  type InFlightLimits,
  type Receiver,
  InFlightQuota,
} from '../receivers/in-flight-quota.js';

/**
 * Ends that are prefetched for each try under way to a fast receiver: 64 deliveries cost 1.3 claims with it, and 3.5 where
 * a claim takes only what can begin at once.
 */
const PREFETCH_PER_TRY = 2;
/** Ends that may be prefetched in all, for each try that this process may have; a key gets as much as it leaves to others. */
const PREFETCH_PER_PLACE = 4 / 3;
/** Rows of one claim at most. */
const MAX_CLAIMED = 192;

/** The tries of a process and the claims that wait for theirs, by their names in the metrics. */
export interface InFlightUsage {
  /** Tries under way: to receivers that answer promptly, and to all others. */
  prompt: number;
  unproven: number;
  free: number;
  /** Claims that wait for their try, and those whose receiver's address is being looked up. */
  ready: number;
  locating: number;
}

/**
 * The prefetch window: holds the claims of this process until their tries begin, and says how much more may be claimed of
 * each key, address and receiver. `admit` adds a claim, `next` takes one out and begins its try, and the `drop` methods
 * take out claims that are to be given back.
 */
export class PrefetchWindow {
  readonly quota: InFlightQuota;
  private readonly ready = new ReadyDeliveries();
  /** Claims whose receiver's address is being looked up, by key. */
  private readonly looking = new Map<string, number>();

  constructor(private readonly limits: InFlightLimits) {
    this.quota = new InFlightQuota(limits);
  }

  /** How the tries of this process are used. */
  usage(now: number): InFlightUsage {
    const { quota, locating } = this;
    const unproven = quota.unproven(now);
    return { prompt: quota.inFlight - unproven, unproven, free: quota.free, ready: this.ready.size, locating };
  }

  /** Counts a claim whose receiver's address is not known yet; to be followed by `endLookUp`. */
  beginLookUp({ apiKeyId, host }: ClaimedDelivery): Receiver {
    this.looking.set(apiKeyId, (this.looking.get(apiKeyId) ?? 0) + 1);
    const receiver = this.quota.receiver(apiKeyId, host, host);
    receiver.waiting += 1;
    return receiver;
  }

  /** Ends the count of `beginLookUp`. */
  endLookUp(receiver: Receiver, now: number): void {
    const left = (this.looking.get(receiver.apiKeyId) ?? 0) - 1;
    if (left > 0) this.looking.set(receiver.apiKeyId, left);
    else this.looking.delete(receiver.apiKeyId);
    this.leave(receiver, now);
  }

  /** Adds a claim. @param now ms of the clock of InFlightQuota, here and below */
  admit(claim: ClaimedDelivery, address: string, now: number): void {
    const receiver = this.quota.receiver(claim.apiKeyId, claim.host, address);
    receiver.waiting += 1;
    this.ready.add({ claim, receiver, at: now });
  }

  /** Takes out the next claim whose try may begin, and counts that try; null: there is none. */
  next(now: number): ReadyDelivery | null {
    const next = this.ready.take((receiver) => this.quota.mayAcquire(receiver, now));
    if (next === null) return null;
    next.receiver.waiting -= 1;
    this.quota.acquire(next.receiver, now);
    return next;
  }

  /** Takes out all claims for a receiver. */
  dropOf(receiver: Receiver, now: number): ClaimedDelivery[] {
    return this.dropped(this.ready.dropOf(receiver), now);
  }

  /** Takes out the claims that were made before that moment. */
  dropOlder(than: number, now: number): ClaimedDelivery[] {
    return this.dropped(this.ready.dropOlder(than), now);
  }

  /**
   * Takes out the claims for receivers that are not prompt and whose key or address has used up its quota. They are to be
   * given back, so that they do not use up the window of receivers that may have a try.
   */
  dropOverQuota(now: number): ClaimedDelivery[] {
    const overQuota = this.ready
      .receivers()
      .filter((receiver) => !isPrompt(receiver, now) && !this.quota.mayAcquire(receiver, now));
    return overQuota.flatMap((receiver) => this.dropOf(receiver, now));
  }

  /** How much the next claim may take. */
  bounds(now: number): ClaimBounds {
    const byKey = new Map<string, Receiver[]>();
    for (const receiver of this.quota.known) {
      const ofKey = byKey.get(receiver.apiKeyId);
      if (ofKey === undefined) byKey.set(receiver.apiKeyId, [receiver]);
      else ofKey.push(receiver);
    }
    const { ofKey: newKey, ofAddress: newAddress } = this.quota.freeFor('', null, false, now);
    const spare = Math.ceil(this.prefetchLimit) - this.ready.size - this.locating;
    return {
      limit: Math.max(0, Math.min(MAX_CLAIMED, this.quota.free + spare)),
      receivers: [...byKey.values()].flatMap((ofKey) => ofKey.map((receiver) => this.ofReceiver(receiver, ofKey, now))),
      keys: [...byKey].map(([apiKeyId, ofKey]) => this.ofKey(apiKeyId, ofKey, now)),
      newKey,
      newAddress,
      maxPerHost: this.limits.maxPerHost,
    };
  }

  /**
   * Whether the key has fewer ready claims than the low watermark, half of its tries under way: then another claim is
   * worth its statement. Claims for a stalled receiver with all its tries under way do not count, because they cannot begin.
   */
  belowLowWatermark(apiKeyId: string, now: number): boolean {
    let ready = 0;
    for (const receiver of this.ready.receivers(apiKeyId)) {
      const isFull = receiver.inFlight.length >= this.limits.maxPerHost;
      if (!isFull || !isStalled(receiver, now)) ready += this.ready.of(receiver);
    }
    return ready <= this.quota.inFlightOf(apiKeyId) / 2;
  }

  private get locating(): number {
    let all = 0;
    for (const count of this.looking.values()) all += count;
    return all;
  }

  private get prefetchLimit(): number {
    return this.limits.maxInFlight * PREFETCH_PER_PLACE;
  }

  private dropped(ready: readonly ReadyDelivery[], now: number): ClaimedDelivery[] {
    for (const { receiver } of ready) this.leave(receiver, now);
    return ready.map(({ claim }) => claim);
  }

  private leave(receiver: Receiver, now: number): void {
    receiver.waiting -= 1;
    this.quota.forget(receiver, now);
  }

  /** @param ofKey all of its key */
  private ofReceiver(receiver: Receiver, ofKey: readonly Receiver[], now: number): ReceiverBounds {
    const { apiKeyId, host, address, inFlight, waiting } = receiver;
    const prompt = isPrompt(receiver, now);
    const left = this.limits.maxPerHost - inFlight.length - waiting;
    const atAddress = prompt
      ? 0
      : this.quota.freeFor(apiKeyId, address, false, now).ofAddress - waitingOf(ofKey, false, now, address);
    return {
      api_key_id: apiKeyId,
      host,
      is_prompt: prompt,
      claims: inFlight.length + waiting,
      room: prompt ? left : Math.min(left, atAddress),
      ahead: isFast(receiver, now) ? PREFETCH_PER_TRY * this.limits.maxPerHost : 0,
      address_room: prompt ? null : atAddress,
    };
  }

  private ofKey(apiKeyId: string, ofKey: readonly Receiver[], now: number): KeyBounds {
    const [forPrompt, forOthers] = [true, false].map((isForPrompt) => waitingOf(ofKey, isForPrompt, now)) as [
      number,
      number,
    ];
    const fast = ofKey.filter((receiver) => isFast(receiver, now)).length;
    // The key prefetches no more than it leaves to other keys.
    const share = (this.prefetchLimit - (this.ready.size + this.locating - forPrompt - forOthers) + 1) / 2;
    const ahead = Math.floor(Math.min(share, PREFETCH_PER_TRY * this.limits.maxPerHost * fast));
    const others = this.quota.freeFor(apiKeyId, null, false, now);
    return {
      api_key_id: apiKeyId,
      room: others.ofKey - forOthers,
      prompt_room: this.quota.freeFor(apiKeyId, null, true, now).ofKey + ahead - forPrompt,
      address_room: others.ofAddress,
    };
  }
}

/**
 * Claims that wait for receivers that are prompt, or for others. @param address only receivers of that one; all unless
 * given
 */
function waitingOf(receivers: readonly Receiver[], isForPrompt: boolean, now: number, address?: string): number {
  let waiting = 0;
  for (const receiver of receivers) {
    if (address !== undefined && receiver.address !== address) continue;
    if (isPrompt(receiver, now) === isForPrompt) waiting += receiver.waiting;
  }
  return waiting;
}
