/** The most structure that a JSON text of somebody else's may have. */
export interface JsonLimits {
  /** Lists and objects inside each other. */
  depth: number;
  /** Values of any kind, lists and objects among them. */
  values: number;
  /** Names in one object; one that comes twice counts twice. */
  keys: number;
  /** Length of a name, in UTF-16 units as `string.length` has it. */
  keyLength: number;
}

/** Which limit a text exceeds. */
export type JsonExcess = keyof JsonLimits;

/** Is told of every string of a text, in their order and in pieces. */
export interface JsonStrings {
  /** A string begins, in so many lists and objects, the innermost of which is an object or a list; it may be a name. */
  open(depth: number, isInObject: boolean, isKey: boolean): void;
  /**
   * Bytes of it as they are written, without its quotes: those of the chunk from `from` up to `to`.
   * @param isClosed true: its last ones
   * @param hasEscapes false: there is no backslash among them, nor do they finish an escape
   */
  read(chunk: Buffer, from: number, to: number, isClosed: boolean, hasEscapes: boolean): void;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const LETTER_U = 0x75;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Nothing at or below it is part of a number or a literal. */
const SPACE = 0x20;

/** Bytes of a string that are looked at before native code is asked: a call of it costs as much. */
const NEAR = 32;
const NONE = Buffer.alloc(0);
/** What is read of an escape in a name: nothing, its backslash, or digits that are still to come. */
const NO_ESCAPE = 0;
const AFTER_BACKSLASH = -1;
const HEX_DIGITS = 4;

/**
 * Counts the structure of a JSON text while its bytes come in, so that what has too much of it is refused before anything is
 * built of it: JSON.parse takes 90 ms for a megabyte of brackets, and 40 bytes of memory for two of text. It judges no
 * JSON: it may be wrong about what follows a place where JSON.parse refuses the text, and about nothing before. Each byte
 * is looked at once, those of strings by native code.
 */
export class JsonStructure {
  /** The first limit that was exceeded; from then on nothing is read any more. */
  private excess: JsonExcess | null = null;
  private depth = 0;
  private values = 0;
  /** Names so far of each object that is open; -1 for a list. By depth, the outermost first. */
  private readonly keys: number[] = [];
  private isInObject = false;
  /** In an object: a name comes next. */
  private expectsKey = false;
  /** The last byte was of a number or a literal. */
  private isInScalar = false;
  private isInString = false;
  private isKey = false;
  private keyLength = 0;
  private keyEscape = NO_ESCAPE;
  /** The last byte was a backslash in a string that is no name. */
  private isEscaped = false;
  private hasEscapes = false;
  private chunk: Buffer = NONE;
  /** The next quote and backslash that native code found in the chunk; its length where there is none. */
  private nextQuote = -1;
  private nextBackslash = -1;

  constructor(
    private readonly limits: JsonLimits,
    private readonly strings: JsonStrings | null = null,
  ) {}

  /** Takes the next bytes. @returns of what the text has more than it may; null: of nothing, so far */
  feed(chunk: Buffer): JsonExcess | null {
    this.chunk = chunk;
    this.nextQuote = this.nextBackslash = -1;
    for (let at = 0; at < chunk.length && this.excess === null;) {
      at = this.isInString ? this.string(at) : this.structure(at);
    }
    this.chunk = NONE;
    return this.excess;
  }

  /** Reads what is in no string, from `at` to the next one's first byte. */
  private structure(at: number): number {
    const { chunk } = this;
    let isInScalar = this.isInScalar;
    for (; at < chunk.length && this.excess === null; at += 1) {
      const byte = chunk[at] ?? 0;
      const wasInScalar = isInScalar;
      isInScalar = false;
      switch (byte) {
        case QUOTE:
          this.isInScalar = false;
          this.openString();
          return at + 1;
        case OPEN_OBJECT:
        case OPEN_LIST:
          this.open(byte === OPEN_OBJECT);
          break;
        case CLOSE_OBJECT:
        case CLOSE_LIST:
          this.close();
          break;
        case COMMA:
          this.expectsKey = this.isInObject;
          break;
        case COLON:
          this.expectsKey = false;
          break;
        default:
          isInScalar = byte > SPACE;
          if (isInScalar && !wasInScalar) this.count('values', (this.values += 1));
      }
    }
    this.isInScalar = isInScalar;
    return at;
  }

  private open(isObject: boolean): void {
    this.count('values', (this.values += 1));
    this.keys[this.depth] = isObject ? 0 : -1;
    this.count('depth', (this.depth += 1));
    this.isInObject = this.expectsKey = isObject;
  }

  private close(): void {
    // A text that closes more than it opened is none.
    this.depth = Math.max(0, this.depth - 1);
    this.isInObject = this.depth > 0 && (this.keys[this.depth - 1] ?? -1) >= 0;
    this.expectsKey = false;
  }

  private openString(): void {
    this.isInString = true;
    this.isKey = this.expectsKey;
    if (this.isKey) {
      this.keyLength = 0;
      this.keyEscape = NO_ESCAPE;
      const object = this.depth - 1;
      this.count('keys', (this.keys[object] = (this.keys[object] ?? 0) + 1));
    } else this.count('values', (this.values += 1));
    this.strings?.open(this.depth, this.isInObject, this.isKey);
  }

  /** Reads of a string what the chunk has, from `at` on; `at` is behind its opening quote, or 0. */
  private string(at: number): number {
    const end = this.isKey ? this.endOfKey(at) : this.endOfValue(at);
    if (this.excess !== null) return end;
    const isClosed = end < this.chunk.length;
    this.strings?.read(this.chunk, at, end, isClosed, this.hasEscapes);
    if (!isClosed) return end;
    this.isInString = false;
    return end + 1;
  }

  /** The place of the quote that closes a name; the chunk's length where there is none. Names are short. */
  private endOfKey(from: number): number {
    const { chunk } = this;
    if (this.keyLength === 0 && this.keyEscape === NO_ESCAPE) {
      const end = this.endOfPlainKey(from);
      if (end !== null) return end;
    }
    let at = from;
    this.hasEscapes = this.keyEscape !== NO_ESCAPE;
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.keyEscape > 0) this.keyEscape -= 1;
      else if (this.keyEscape === AFTER_BACKSLASH) this.keyEscape = byte === LETTER_U ? HEX_DIGITS : NO_ESCAPE;
      else if (byte === QUOTE) return at;
      else {
        if (byte === BACKSLASH) {
          this.keyEscape = AFTER_BACKSLASH;
          this.hasEscapes = true;
        }
        this.keyLength += unitsAt(byte);
        this.count('keyLength', this.keyLength);
        if (this.excess !== null) return at;
      }
    }
    return at;
  }

  /** The same for a name that begins and ends in the chunk, has no escapes, and not more bytes than it may have units. */
  private endOfPlainKey(from: number): number | null {
    const { chunk } = this;
    const last = Math.min(from + this.limits.keyLength + 1, chunk.length);
    const near = Math.min(from + NEAR, last);
    let at = from;
    while (at < near && chunk[at] !== QUOTE && chunk[at] !== BACKSLASH) at += 1;
    if (at === near) at = Math.min(this.quoteFrom(at), this.backslashFrom(at));
    if (at >= last || chunk[at] !== QUOTE) return null;
    this.hasEscapes = false;
    return at;
  }

  /** The place of the quote that closes a string; the chunk's length where there is none. */
  private endOfValue(from: number): number {
    const { chunk } = this;
    const { length } = chunk;
    let at = this.isEscaped ? from + 1 : from;
    this.hasEscapes = this.isEscaped;
    this.isEscaped = false;
    for (;;) {
      const near = Math.min(at + NEAR, length);
      while (at < near && chunk[at] !== QUOTE && chunk[at] !== BACKSLASH) at += 1;
      if (at === near) at = Math.min(this.quoteFrom(at), this.backslashFrom(at));
      if (at >= length || chunk[at] === QUOTE) return Math.min(at, length);
      this.hasEscapes = true;
      this.isEscaped = at + 1 === length;
      at += 2;
    }
  }

  private quoteFrom(at: number): number {
    if (this.nextQuote < at) this.nextQuote = placeOf(this.chunk, QUOTE, at);
    return this.nextQuote;
  }

  private backslashFrom(at: number): number {
    if (this.nextBackslash < at) this.nextBackslash = placeOf(this.chunk, BACKSLASH, at);
    return this.nextBackslash;
  }

  private count(what: JsonExcess, number: number): void {
    if (number > this.limits[what]) this.excess ??= what;
  }
}

/** Whether a JSON text has no more structure than it may; what is no JSON may pass, and is then JSON.parse's to refuse. */
export function isWithinLimits(text: Buffer, limits: JsonLimits): boolean {
  return new JsonStructure(limits).feed(text) === null;
}

function placeOf(chunk: Buffer, byte: number, from: number): number {
  const found = chunk.indexOf(byte, from);
  return found < 0 ? chunk.length : found;
}

/** UTF-16 units of the character that begins with this byte of UTF-8; none for a byte that continues one. */
function unitsAt(byte: number): number {
  if ((byte & 0xc0) === 0x80) return 0;
  return byte >= 0xf0 ? 2 : 1;
}
