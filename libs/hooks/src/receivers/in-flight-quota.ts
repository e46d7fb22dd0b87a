/** A receiver that answers within this is prompt, ms; a try that has lasted longer counts as one that hangs. */
const PROMPT_MS = 3_000;
/** One that takes a hook within this is quick, ms: some of its ends may be claimed before they can begin. */
const FAST_MS = 100;
/** Prompt receivers that are remembered while nothing goes to them: those that answered last. */
const MAX_REMEMBERED = 256;
/** A receiver of which no try has ended for so long, ms, has stopped to take what it is told. */
const STALLED_MS = 250;
/** What is left free is divided by this for receivers that are not prompt. */
const UNPROVEN_DIVISOR = 8;

/** One receiver of one key, and what this process has claimed for it. */
export interface Receiver {
  readonly apiKeyId: string;
  /** Of hostOf: with its port. */
  readonly host: string;
  /** What its name leads to, without the port. */
  address: string;
  /** Claims that have not begun. */
  waiting: number;
  /** When the tries that are under way began, ms, the oldest first. */
  inFlight: number[];
  /** How long its last try took that was delivered; null: the last one failed, or there was none. */
  lastMs: number | null;
  /** When the last try ended, ms. */
  lastEnd: number;
}

export interface InFlightLimits {
  /** Places of this process, one for each try under way. */
  maxInFlight: number;
  /** Places of one receiver of one key. */
  maxPerHost: number;
}

/** How many more places there are for a receiver of an address. */
interface FreeQuota {
  ofKey: number;
  ofAddress: number;
}

/**
 * Who may have a place, that is a try under way. Shares are dynamic thresholds: a key may hold as many places as it
 * would leave free, and an address as many as it would leave to its key. So one key alone gets half of them, k keys
 * with much to do get 1/(k+1) each, and there are always some for whoever comes next. Receivers that are not prompt
 * (failing, hanging, slow, or not known yet) share an eighth of what is free instead, so that places are held by tries
 * that end soon.
 *
 * Times are ms on any clock that only goes on.
 */
export class InFlightQuota {
  private readonly byHost = new Map<string, Receiver>();
  /** Those with tries under way. */
  private readonly busy = new Map<string, Set<Receiver>>();
  private readonly divisor: number;
  private count = 0;

  constructor(private readonly limits: InFlightLimits) {
    // Of few places an eighth would be none.
    this.divisor = Math.min(UNPROVEN_DIVISOR, Math.max(1, Math.floor(limits.maxInFlight / UNPROVEN_DIVISOR)));
  }

  /** The receiver of that name, as long as it has claims or is remembered. @param address as it is known now */
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

  /** Those to receivers that are not prompt. */
  unproven(now: number): number {
    let unproven = 0;
    for (const receivers of this.busy.values()) {
      for (const receiver of receivers) if (!isPrompt(receiver, now)) unproven += receiver.inFlight.length;
    }
    return unproven;
  }

  /** Tries of this key. */
  inFlightOf(apiKeyId: string): number {
    let tries = 0;
    for (const { inFlight } of this.busy.get(apiKeyId) ?? []) tries += inFlight.length;
    return tries;
  }

  mayAcquire(receiver: Receiver, now: number): boolean {
    if (receiver.inFlight.length >= this.limits.maxPerHost) return false;
    const { ofKey, ofAddress } = this.freeFor(receiver.apiKeyId, receiver.address, isPrompt(receiver, now), now);
    return ofKey > 0 && ofAddress > 0;
  }

  /** How many more places a key and one of its addresses may take now, with receivers that are prompt or others. */
  freeFor(apiKeyId: string, address: string | null, isForPrompt: boolean, now: number): FreeQuota {
    let [ofKey, ofAddress] = [0, 0];
    for (const receiver of this.busy.get(apiKeyId) ?? []) {
      if (!isForPrompt && isPrompt(receiver, now)) continue;
      ofKey += receiver.inFlight.length;
      if (receiver.address === address) ofAddress += receiver.inFlight.length;
    }
    // The i-th one more is allowed while held + i <= (free - i + 1) / divisor, and likewise for the address of what the
    // key may still take.
    const divisor = isForPrompt ? 1 : this.divisor;
    const { free } = this;
    return {
      ofKey: whole((free + 1 - divisor * ofKey) / (divisor + 1)),
      ofAddress: whole((free + 1 + divisor * (1 - ofKey - ofAddress)) / (2 * divisor + 1)),
    };
  }

  acquire(receiver: Receiver, now: number): void {
    receiver.inFlight.push(now);
    const ofKey = this.busy.get(receiver.apiKeyId) ?? new Set();
    this.busy.set(receiver.apiKeyId, ofKey.add(receiver));
    this.count += 1;
  }

  /** Takes in how a try went. @param ms how long it took to be delivered; null: it was not */
  recordLatency(receiver: Receiver, ms: number | null): void {
    receiver.lastMs = ms;
  }

  /** Gives a place back. @param begunAt when the try began */
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

  /** Lets go of a receiver that has no claims any more, unless it is prompt. */
  forget(receiver: Receiver, now: number): void {
    if (receiver.inFlight.length > 0 || receiver.waiting > 0) return;
    const id = idOf(receiver.apiKeyId, receiver.host);
    this.byHost.delete(id);
    if (!isPrompt(receiver, now)) return;
    // The last one to answer stands at the end.
    this.byHost.set(id, receiver);
    if (this.byHost.size <= MAX_REMEMBERED) return;
    for (const [oldest, { inFlight, waiting }] of this.byHost) {
      if (inFlight.length > 0 || waiting > 0) continue;
      this.byHost.delete(oldest);
      return;
    }
  }
}

/** Whether its last try was delivered promptly, and none under way hangs. */
export function isPrompt({ inFlight, lastMs }: Receiver, now: number): boolean {
  return lastMs !== null && lastMs <= PROMPT_MS && (inFlight[0] === undefined || now - inFlight[0] < PROMPT_MS);
}

/** Whether it takes hooks so quickly that some may be claimed ahead for it. */
export function isFast(receiver: Receiver, now: number): boolean {
  return receiver.lastMs !== null && receiver.lastMs <= FAST_MS && isPrompt(receiver, now);
}

/** Whether tries under way to it have been ending until now. */
export function isMoving({ inFlight, lastEnd }: Receiver, now: number): boolean {
  return inFlight.length > 0 && now - lastEnd < STALLED_MS;
}

function idOf(apiKeyId: string, host: string): string {
  return `${apiKeyId} ${host}`;
}

function whole(room: number): number {
  return Math.max(0, Math.floor(room));
}
