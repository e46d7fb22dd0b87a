import type { ClaimedDelivery } from '../store/claim-deliveries.js';
import type { Receiver } from '../receivers/in-flight-quota.js';

/** A claim that has not begun yet. */
export interface ReadyDelivery {
  claim: ClaimedDelivery;
  receiver: Receiver;
  /** When it was claimed, ms of a monotonic clock. */
  at: number;
}

/** The claims that are ready for one receiver of one key. */
interface ReceiverQueue {
  /** Events before the end of their task; they go first. */
  events: ReadyDelivery[];
  ends: ReadyDelivery[];
}

/**
 * The claims whose try may begin as soon as the quota allows it. Keys take turns, and within a key its receivers take
 * turns. The claims for one receiver are taken in the order they came, ends of tasks after all other events.
 */
export class ReadyDeliveries {
  private readonly byKey = new Map<string, Map<Receiver, ReceiverQueue>>();
  private all = 0;

  /** Claims of all receivers. */
  get size(): number {
    return this.all;
  }

  /** The receivers that have ready claims; of all keys or of one. */
  receivers(apiKeyId?: string): Receiver[] {
    if (apiKeyId !== undefined) return [...(this.byKey.get(apiKeyId)?.keys() ?? [])];
    return [...this.byKey.values()].flatMap((lanes) => [...lanes.keys()]);
  }

  /** How many claims are ready for a receiver. */
  of(receiver: Receiver): number {
    const lane = this.byKey.get(receiver.apiKeyId)?.get(receiver);
    return lane === undefined ? 0 : lane.events.length + lane.ends.length;
  }

  add(ready: ReadyDelivery): void {
    const { claim, receiver } = ready;
    const lanes = this.byKey.get(receiver.apiKeyId) ?? new Map<Receiver, ReceiverQueue>();
    const lane = lanes.get(receiver) ?? { events: [], ends: [] };
    (claim.terminal ? lane.ends : lane.events).push(ready);
    lanes.set(receiver, lane);
    this.byKey.set(receiver.apiKeyId, lanes);
    this.all += 1;
  }

  /** Takes out the next claim whose receiver may have another try; null: there is none. */
  take(mayBegin: (receiver: Receiver) => boolean): ReadyDelivery | null {
    for (const [key, lanes] of this.byKey) {
      for (const [receiver, lane] of lanes) {
        if (!mayBegin(receiver)) continue;
        const next = lane.events.shift() ?? lane.ends.shift() ?? null;
        // The receiver goes behind the other receivers of its key, and the key behind the other keys.
        lanes.delete(receiver);
        if (lane.events.length + lane.ends.length > 0) lanes.set(receiver, lane);
        this.byKey.delete(key);
        if (lanes.size > 0) this.byKey.set(key, lanes);
        this.all -= 1;
        return next;
      }
    }
    return null;
  }

  /** Takes out all claims for a receiver. */
  dropOf(receiver: Receiver): ReadyDelivery[] {
    const lanes = this.byKey.get(receiver.apiKeyId);
    const lane = lanes?.get(receiver);
    if (lanes === undefined || lane === undefined) return [];
    lanes.delete(receiver);
    if (lanes.size === 0) this.byKey.delete(receiver.apiKeyId);
    this.all -= lane.events.length + lane.ends.length;
    return [...lane.events, ...lane.ends];
  }

  /** Takes out the claims that were made before that moment; `Infinity`: all claims. */
  dropOlder(than: number): ReadyDelivery[] {
    const lanes = this.receivers().flatMap((receiver) => this.dropOf(receiver));
    for (const ready of lanes) if (ready.at >= than) this.add(ready);
    return lanes.filter(({ at }) => at < than);
  }
}
