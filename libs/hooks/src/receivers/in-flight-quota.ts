/** A receiver that answers within this time is prompt, ms; a try that has lasted longer counts as one that hangs. */
const PROMPT_MS = 3_000;
/** A receiver that takes a hook within this time is fast, ms: ends for it are prefetched. */
const FAST_MS = 100;
/** Prompt receivers that are remembered while they have no claims: the ones that answered last. */
const MAX_REMEMBERED = 256;
/** A receiver with tries under way, none of which has ended for so long, ms, is stalled. */
const STALLED_MS = 250;
/** Receivers that are not prompt share the free tries divided by this. */
const UNPROVEN_DIVISOR = 8;

/** One receiver of one key, with the claims and tries that this process has for it. */
export interface Receiver {
  readonly apiKeyId: string;
  /** Of hostOf: with its port. */
  readonly host: string;
  /** The address that its name resolves to, without the port. */
  address: string;
  /** Claims whose try has not begun. */
  waiting: number;
  /** The tries under way: when each began, ms, the oldest first. */
  inFlight: number[];
  /** How long its last try took, ms; null: that one failed, or there was none. */
  lastMs: number | null;
  /** When the last try ended, ms. */
  lastEnd: number;
}

export interface InFlightLimits {
  /** Tries that this process may have under way. */
  maxInFlight: number;
  /** Tries that it may have under way to one receiver of one key. */
  maxPerHost: number;
}

/** How many more tries a key may have, and an address of it. */
interface FreeQuota {
  ofKey: number;
  ofAddress: number;
}

/**
 * Counts the tries under way of this process and decides which receiver may have another one. The shares are dynamic
 * thresholds: a key may hold as many tries as it would leave free, and an address as many as it would leave to its key.
 * So one key alone gets half of all tries, k keys with much to do get 1/(k+1) each, and some are always free for the next
 * key. Receivers that are not prompt (failing, hanging, slow, or not known yet) share an eighth of the free tries instead,
 * so that most tries are ones that end soon.
 *
 * Times are ms of any monotonic clock.
 */
export class InFlightQuota {
  private readonly byHost = new Map<string, Receiver>();
  /** The receivers with tries under way, by key. */
  private readonly busy = new Map<string, Set<Receiver>>();
  private readonly divisor: number;
  private count = 0;

  constructor(private readonly limits: InFlightLimits) {
    // Of few tries an eighth would be none.
    this.divisor = Math.min(UNPROVEN_DIVISOR, Math.max(1, Math.floor(limits.maxInFlight / UNPROVEN_DIVISOR)));
  }

  /** The receiver with that host; made unless it has claims or is remembered. @param address the one known now */
  receiver(apiKeyId: string, host: string, address: string): Receiver {
    const id = idOf(apiKeyId, host);
    const known = this.byHost.get(id);
    if (known !== undefined) {
      known.address = address;
      return known;
    }
    const made = { apiKeyId, host, address, waiting: 0, inFlight: [], lastMs: null, lastEnd: -Infinity };
    this.byHost.set(id, made);
    return made;
  }

  /** Receivers that have claims or are remembered as prompt. */
  get known(): Iterable<Receiver> {
    return this.byHost.values();
  }

  /** Tries under way. */
  get inFlight(): number {
    return this.count;
  }

  get free(): number {
    return this.limits.maxInFlight - this.count;
  }

  /** Tries under way to receivers that are not prompt. */
  unproven(now: number): number {
    let unproven = 0;
    for (const receivers of this.busy.values()) {
      for (const receiver of receivers) if (!isPrompt(receiver, now)) unproven += receiver.inFlight.length;
    }
    return unproven;
  }

  /** Tries under way of this key. */
  inFlightOf(apiKeyId: string): number {
    let tries = 0;
    for (const { inFlight } of this.busy.get(apiKeyId) ?? []) tries += inFlight.length;
    return tries;
  }

  /** Whether a try to this receiver may begin. */
  mayAcquire(receiver: Receiver, now: number): boolean {
    if (receiver.inFlight.length >= this.limits.maxPerHost) return false;
    const { ofKey, ofAddress } = this.freeFor(receiver.apiKeyId, receiver.address, isPrompt(receiver, now), now);
    return ofKey > 0 && ofAddress > 0;
  }

  /** How many more tries a key and one of its addresses may have now, to receivers that are prompt or to others. */
  freeFor(apiKeyId: string, address: string | null, isForPrompt: boolean, now: number): FreeQuota {
    let [ofKey, ofAddress] = [0, 0];
    for (const receiver of this.busy.get(apiKeyId) ?? []) {
      if (!isForPrompt && isPrompt(receiver, now)) continue;
      ofKey += receiver.inFlight.length;
      if (receiver.address === address) ofAddress += receiver.inFlight.length;
    }
    // The i-th further try is allowed while held + i <= (free - i + 1) / divisor; for an address, `free` is what its key
    // may still have.
    const divisor = isForPrompt ? 1 : this.divisor;
    const { free } = this;
    return {
      ofKey: whole((free + 1 - divisor * ofKey) / (divisor + 1)),
      ofAddress: whole((free + 1 + divisor * (1 - ofKey - ofAddress)) / (2 * divisor + 1)),
    };
  }

  /** Counts a try that begins. */
  acquire(receiver: Receiver, now: number): void {
    receiver.inFlight.push(now);
    const ofKey = this.busy.get(receiver.apiKeyId) ?? new Set();
    this.busy.set(receiver.apiKeyId, ofKey.add(receiver));
    this.count += 1;
  }

  /** Records how long a delivered try took, by which its receiver is prompt or fast. @param ms null: the try failed */
  recordLatency(receiver: Receiver, ms: number | null): void {
    receiver.lastMs = ms;
  }

  /** Ends a try; a second time does nothing. @param begunAt when the try began */
  release(receiver: Receiver, begunAt: number, now: number): void {
    const at = receiver.inFlight.indexOf(begunAt);
    if (at < 0) return;
    receiver.inFlight.splice(at, 1);
    receiver.lastEnd = now;
    this.count -= 1;
    if (receiver.inFlight.length > 0) return;
    const ofKey = this.busy.get(receiver.apiKeyId);
    ofKey?.delete(receiver);
    if (ofKey?.size === 0) this.busy.delete(receiver.apiKeyId);
    this.forget(receiver, now);
  }

  /** Forgets a receiver that has no claims any more, unless it is prompt. */
  forget(receiver: Receiver, now: number): void {
    if (receiver.inFlight.length > 0 || receiver.waiting > 0) return;
    const id = idOf(receiver.apiKeyId, receiver.host);
    this.byHost.delete(id);
    if (!isPrompt(receiver, now)) return;
    // The map is in the order of the last answers.
    this.byHost.set(id, receiver);
    if (this.byHost.size <= MAX_REMEMBERED) return;
    for (const [oldest, { inFlight, waiting }] of this.byHost) {
      if (inFlight.length > 0 || waiting > 0) continue;
      this.byHost.delete(oldest);
      return;
    }
  }
}

/** Whether the receiver's last try was delivered promptly, and none under way hangs. */
export function isPrompt({ inFlight, lastMs }: Receiver, now: number): boolean {
  return lastMs !== null && lastMs <= PROMPT_MS && (inFlight[0] === undefined || now - inFlight[0] < PROMPT_MS);
}

/** Whether the receiver takes hooks so fast that ends are prefetched for it. */
export function isFast(receiver: Receiver, now: number): boolean {
  return receiver.lastMs !== null && receiver.lastMs <= FAST_MS && isPrompt(receiver, now);
}

/** Whether tries are under way to the receiver, and none of them has ended for a while. */
export function isStalled({ inFlight, lastEnd }: Receiver, now: number): boolean {
  return inFlight.length > 0 && now - lastEnd >= STALLED_MS;
}

function idOf(apiKeyId: string, host: string): string {
  return `${apiKeyId} ${host}`;
}

function whole(room: number): number {
  return Math.max(0, Math.floor(room));
}
