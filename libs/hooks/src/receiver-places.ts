/** A receiver that answers within this is prompt, ms; a try that has lasted longer counts as one that hangs. */
export const PROMPT_MS = 3_000;
/** One that takes a hook within this is quick, ms: some of its ends may be claimed before they can begin. */
const QUICK_MS = 100;
/** Prompt receivers that are remembered while nothing goes to them: those that answered last. */
const MOST_REMEMBERED = 256;
/** A receiver of which no try has ended for so long, ms, has stopped to take what it is told. */
const STALLED_MS = 250;
/** What is left free is divided by this for receivers that are not prompt. */
const UNPROVEN_DIVISOR = 8;

/** Whom a delivery goes to. Places are shared by key, then by address, then by receiver. */
export interface Receiver {
  apiKeyId: string;
  /** Of hostOf: with its port. */
  host: string;
  /** What its name leads to, without the port. */
  address: string;
}

/** One receiver of one key, and the tries to it that are under way in this process. */
interface Standing extends Receiver {
  /** When they began, ms, the oldest first. */
  begun: number[];
  /** How long the last try took that was delivered; null: it failed, or there was none. */
  lastMs: number | null;
  /** When the last try ended, ms. */
  lastEnd: number;
}

/** How many places are held in one scope, in all and by receivers that are not prompt. */
interface Held {
  all: number;
  unproven: number;
}

export interface PlaceLimits {
  /** Places of this process, one for each try under way. */
  maxInFlight: number;
  /** Places of one receiver of one key. */
  maxPerHost: number;
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
export class ReceiverPlaces {
  private readonly standings = new Map<string, Standing>();
  /** Those with tries under way. */
  private readonly byKey = new Map<string, Set<Standing>>();
  private readonly divisor: number;
  private all = 0;

  constructor(private readonly limits: PlaceLimits) {
    // Of few places an eighth would be none.
    this.divisor = Math.min(UNPROVEN_DIVISOR, Math.max(1, Math.floor(limits.maxInFlight / UNPROVEN_DIVISOR)));
  }

  /** Tries under way. */
  get total(): number {
    return this.all;
  }

  get free(): number {
    return this.limits.maxInFlight - this.all;
  }

  /** Those to receivers that are not prompt. */
  unproven(now: number): number {
    let unproven = 0;
    for (const key of this.byKey.keys()) unproven += this.heldBy(key, now).unproven;
    return unproven;
  }

  /** Tries of this key. */
  ofKey(apiKeyId: string): number {
    let tries = 0;
    for (const { begun } of this.byKey.get(apiKeyId) ?? []) tries += begun.length;
    return tries;
  }

  /** Tries to this receiver. */
  of(receiver: Pick<Receiver, 'apiKeyId' | 'host'>): number {
    return this.standings.get(idOf(receiver))?.begun.length ?? 0;
  }

  /** Whether its last try was delivered promptly, and none under way hangs. */
  isPrompt(receiver: Pick<Receiver, 'apiKeyId' | 'host'>, now: number): boolean {
    const standing = this.standings.get(idOf(receiver));
    return standing !== undefined && isPrompt(standing, now);
  }

  /** Whether it takes hooks so quickly that some may be claimed ahead for it. */
  isQuick(receiver: Pick<Receiver, 'apiKeyId' | 'host'>, now: number): boolean {
    const standing = this.standings.get(idOf(receiver));
    return standing !== undefined && (standing.lastMs ?? Infinity) <= QUICK_MS && isPrompt(standing, now);
  }

  /** Whether tries under way to it have been ending until now. */
  isMoving(receiver: Pick<Receiver, 'apiKeyId' | 'host'>, now: number): boolean {
    const standing = this.standings.get(idOf(receiver));
    return standing !== undefined && standing.begun.length > 0 && now - standing.lastEnd < STALLED_MS;
  }

  mayBegin(receiver: Receiver, now: number): boolean {
    return (
      this.of(receiver) < this.limits.maxPerHost &&
      this.roomOfAddress(receiver, this.isPrompt(receiver, now), now) > 0 &&
      this.roomOfKey(receiver.apiKeyId, this.isPrompt(receiver, now), now) > 0
    );
  }

  /** How many more places the key may take now. */
  roomOfKey(apiKeyId: string, isPrompt: boolean, now: number): number {
    const { all, unproven } = this.heldBy(apiKeyId, now);
    // The i-th one more is allowed while held + i <= (free - i + 1) / divisor; likewise below.
    const room = isPrompt
      ? (this.free - all + 1) / 2
      : (this.free + 1 - this.divisor * unproven) / (this.divisor + 1);
    return Math.max(0, Math.floor(room));
  }

  /** How many more places the address may take now, of those of its key. */
  roomOfAddress({ apiKeyId, address }: Omit<Receiver, 'host'>, isPrompt: boolean, now: number): number {
    const key = this.heldBy(apiKeyId, now);
    const own = this.heldBy(apiKeyId, now, address);
    const { free, divisor } = this;
    const room = isPrompt
      ? (free - key.all - own.all + 2) / 3
      : (free + 1 + divisor * (1 - key.unproven - own.unproven)) / (2 * divisor + 1);
    return Math.max(0, Math.floor(room));
  }

  begin(receiver: Receiver, now: number): void {
    const standing = this.standingOf(receiver);
    standing.address = receiver.address;
    standing.begun.push(now);
    const ofKey = this.byKey.get(receiver.apiKeyId) ?? new Set();
    this.byKey.set(receiver.apiKeyId, ofKey.add(standing));
    this.all += 1;
  }

  /** Takes in how a try went. @param ms how long it took to be delivered; null: it was not */
  note(receiver: Receiver, ms: number | null): void {
    const id = idOf(receiver);
    const standing = this.standingOf(receiver);
    standing.lastMs = ms;
    // The last one to answer stands at the end.
    this.standings.delete(id);
    this.standings.set(id, standing);
  }

  /** Gives a place back. @param begunAt when the try began */
  end(receiver: Receiver, begunAt: number, now: number): void {
    const standing = this.standingOf(receiver);
    const at = standing.begun.indexOf(begunAt);
    if (at < 0) return;
    standing.begun.splice(at, 1);
    standing.lastEnd = now;
    this.all -= 1;
    if (standing.begun.length > 0) return;
    const ofKey = this.byKey.get(receiver.apiKeyId);
    ofKey?.delete(standing);
    if (ofKey?.size === 0) this.byKey.delete(receiver.apiKeyId);
    if (!isPrompt(standing, now)) this.standings.delete(idOf(receiver));
    else if (this.standings.size > MOST_REMEMBERED) this.forgetOldest();
  }

  /** Receivers that have places or are remembered as prompt. */
  get known(): Iterable<Receiver> {
    return this.standings.values();
  }

  private heldBy(apiKeyId: string, now: number, address?: string): Held {
    const held: Held = { all: 0, unproven: 0 };
    for (const standing of this.byKey.get(apiKeyId) ?? []) {
      if (address !== undefined && standing.address !== address) continue;
      held.all += standing.begun.length;
      if (!isPrompt(standing, now)) held.unproven += standing.begun.length;
    }
    return held;
  }

  private standingOf(receiver: Receiver): Standing {
    const id = idOf(receiver);
    const standing = this.standings.get(id) ?? { ...receiver, begun: [], lastMs: null, lastEnd: -Infinity };
    this.standings.set(id, standing);
    return standing;
  }

  private forgetOldest(): void {
    for (const [id, { begun }] of this.standings) {
      if (begun.length > 0) continue;
      this.standings.delete(id);
      return;
    }
  }
}

/** By what receivers are told apart. */
export function idOf({ apiKeyId, host }: Pick<Receiver, 'apiKeyId' | 'host'>): string {
  return `${apiKeyId} ${host}`;
}

function isPrompt({ begun, lastMs }: Standing, now: number): boolean {
  return lastMs !== null && lastMs <= PROMPT_MS && (begun[0] === undefined || now - begun[0] < PROMPT_MS);
}
