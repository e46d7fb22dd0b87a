import type { ClaimedDelivery } from '../store/claim-deliveries.js';
import type { Receiver } from '../receivers/in-flight-quota.js';

/** A claim that has not begun yet. */
export interface ReadyDelivery {
  claim: ClaimedDelivery;
  receiver: Receiver;
  /** When it was claimed, ms on any clock that only goes on. */
  at: number;
}

/** What is ready for one receiver of one key. */
interface ReceiverQueue {
  /** What a newer change may replace goes before ends. */
  events: ReadyDelivery[];
  ends: ReadyDelivery[];
}

/**
 * What is claimed and may begin as soon as it gets a place. Keys have their turns, and in a key its receivers; what goes
 * to one receiver goes in the order it came, ends after all that may be replaced.
 */
export class ReadyDeliveries {
  private readonly byKey = new Map<string, Map<Receiver, ReceiverQueue>>();
  private all = 0;

  get size(): number {
    return this.all;
  }

  /** The receivers that have some; of all keys or of one. */
  receivers(apiKeyId?: string): Receiver[] {
    if (apiKeyId !== undefined) return [...(this.byKey.get(apiKeyId)?.keys() ?? [])];
    return [...this.byKey.values()].flatMap((lanes) => [...lanes.keys()]);
  }

  /** How much is ready for a receiver. */
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

  /** Takes out the next one whose receiver may have a try more; null: there is none. */
  take(mayBegin: (receiver: Receiver) => boolean): ReadyDelivery | null {
    for (const [key, lanes] of this.byKey) {
      for (const [receiver, lane] of lanes) {
        if (!mayBegin(receiver)) continue;
        const next = lane.events.shift() ?? lane.ends.shift() ?? null;
        // The other receivers of its key, and the other keys, come before it has its next turn.
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

  /** Takes out all for a receiver. */
  dropOf(receiver: Receiver): ReadyDelivery[] {
    const lanes = this.byKey.get(receiver.apiKeyId);
    const lane = lanes?.get(receiver);
    if (lanes === undefined || lane === undefined) return [];
    lanes.delete(receiver);
    if (lanes.size === 0) this.byKey.delete(receiver.apiKeyId);
    this.all -= lane.events.length + lane.ends.length;
    return [...lane.events, ...lane.ends];
  }

  /** Takes out what was claimed before that moment; `Infinity`: all there is. */
  dropOlder(than: number): ReadyDelivery[] {
    const lanes = this.receivers().flatMap((receiver) => this.dropOf(receiver));
    for (const ready of lanes) if (ready.at >= than) this.add(ready);
    return lanes.filter(({ at }) => at < than);
  }
}
