import type { ClaimedDelivery } from './claim-deliveries.js';
import { idOf, type Receiver } from './receiver-places.js';

/** A claim that has not begun yet. */
export interface ReadyDelivery {
  claim: ClaimedDelivery;
  receiver: Receiver;
  /** When it was claimed, ms on any clock that only goes on. */
  at: number;
}

/** What is ready for one receiver of one key. */
interface Lane {
  receiver: Receiver;
  /** What a newer change may replace goes before ends. */
  events: ReadyDelivery[];
  ends: ReadyDelivery[];
}

/**
 * What is claimed and not begun yet. Keys have their turns, and in a key its receivers; what goes to one receiver goes
 * in the order it came, ends after all that may be replaced.
 */
export class ReadyDeliveries {
  private readonly byKey = new Map<string, Map<string, Lane>>();
  private all = 0;

  get size(): number {
    return this.all;
  }

  /** How much is ready for this receiver. */
  of(receiver: Pick<Receiver, 'apiKeyId' | 'host'>): number {
    const lane = this.byKey.get(receiver.apiKeyId)?.get(idOf(receiver));
    return lane === undefined ? 0 : sizeOf(lane);
  }

  /** The receivers that have some, and how much; of all keys or of one. */
  *receivers(apiKeyId?: string): Iterable<{ receiver: Receiver; size: number }> {
    const keys = apiKeyId === undefined ? this.byKey.values() : [this.byKey.get(apiKeyId) ?? new Map<string, Lane>()];
    for (const lanes of keys) for (const lane of lanes.values()) yield { receiver: lane.receiver, size: sizeOf(lane) };
  }

  add(ready: ReadyDelivery): void {
    const { claim, receiver } = ready;
    const lanes = this.byKey.get(receiver.apiKeyId) ?? new Map<string, Lane>();
    const id = idOf(receiver);
    const lane = lanes.get(id) ?? { receiver, events: [], ends: [] };
    lane.receiver = receiver;
    (claim.terminal ? lane.ends : lane.events).push(ready);
    lanes.set(id, lane);
    this.byKey.set(receiver.apiKeyId, lanes);
    this.all += 1;
  }

  /** Takes out the next one whose receiver may have a try more; null: there is none. */
  take(mayBegin: (receiver: Receiver) => boolean): ReadyDelivery | null {
    for (const [key, lanes] of this.byKey) {
      for (const [id, lane] of lanes) {
        if (!mayBegin(lane.receiver)) continue;
        const next = lane.events.shift() ?? lane.ends.shift() ?? null;
        // The other receivers of its key, and the other keys, come before it has its next turn.
        lanes.delete(id);
        if (sizeOf(lane) > 0) lanes.set(id, lane);
        this.byKey.delete(key);
        if (lanes.size > 0) this.byKey.set(key, lanes);
        this.all -= 1;
        return next;
      }
    }
    return null;
  }

  /** Takes out all for a receiver. */
  dropOf(receiver: Pick<Receiver, 'apiKeyId' | 'host'>): ClaimedDelivery[] {
    return this.takeLane(receiver).map(({ claim }) => claim);
  }

  /** Takes out what was claimed before that moment; `Infinity`: all there is. */
  dropOlder(than: number): ClaimedDelivery[] {
    const dropped: ClaimedDelivery[] = [];
    for (const { receiver } of [...this.receivers()]) {
      for (const { claim, at, receiver: of } of this.takeLane(receiver)) {
        if (at < than) dropped.push(claim);
        else this.add({ claim, at, receiver: of });
      }
    }
    return dropped;
  }

  private takeLane(receiver: Pick<Receiver, 'apiKeyId' | 'host'>): ReadyDelivery[] {
    const lanes = this.byKey.get(receiver.apiKeyId);
    const lane = lanes?.get(idOf(receiver));
    if (lanes === undefined || lane === undefined) return [];
    lanes.delete(idOf(receiver));
    if (lanes.size === 0) this.byKey.delete(receiver.apiKeyId);
    this.all -= sizeOf(lane);
    return [...lane.events, ...lane.ends];
  }
}

function sizeOf({ events, ends }: Lane): number {
  return events.length + ends.length;
}
