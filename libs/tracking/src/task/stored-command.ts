import { isAscii } from 'node:buffer';
import { jsonPieces, pictureHead, PictureText, type SubmitCommand } from '#libs/upstream';
import { JsonStructure, type JsonStrings } from '#libs/wire';

/** Length from which a text of a command is taken for a picture, bytes: no other text is this long. */
const LONG_BYTES = 64 * 1024;
/** Bytes of a picture that are written in one turn of the event loop. */
const PIECE_BYTES = 256 * 1024;
const NO_LIMITS = { depth: Infinity, values: Infinity, keys: Infinity, keyLength: Infinity };

/** Serialises a command to the bytes stored for a waiting task. */
export function toInput(command: SubmitCommand): Buffer {
  return Buffer.concat(jsonPieces(command));
}

/**
 * Parses bytes that toInput wrote; null when they are incomplete. Large pictures stay bytes: parsing and writing 27 MiB
 * of them again took 110 ms and four times their memory.
 * @param body bytes that nobody changes any more
 */
export function fromInput(body: Buffer): SubmitCommand | null {
  const texts = new LongTexts();
  new JsonStructure(NO_LIMITS, texts).feed(body);
  const pictures = new Map<string, PictureText>();
  const rest: Buffer[] = [];
  let at = 0;
  for (const { from, to } of texts.found) {
    const picture = pictureOf(body.subarray(from, to));
    if (picture === null) continue;
    // No text that a client may send begins with NUL.
    const name = `\u0000${pictures.size}`;
    pictures.set(name, picture);
    rest.push(body.subarray(at, from), Buffer.from(JSON.stringify(name).slice(1, -1)));
    at = to;
  }
  rest.push(body.subarray(at));
  try {
    return JSON.parse(Buffer.concat(rest).toString('utf8'), (_name, value: unknown) =>
      typeof value === 'string' ? (pictures.get(value) ?? value) : value,
    ) as SubmitCommand;
  } catch {
    return null;
  }
}

/** Finds the long strings of a JSON text that contain no escapes. */
class LongTexts implements JsonStrings {
  readonly found: { from: number; to: number }[] = [];

  open(): void {
    // Names of fields are never that long.
  }

  read(_text: Buffer, from: number, to: number, isClosed: boolean, hasEscapes: boolean): void {
    if (isClosed && !hasEscapes && to - from >= LONG_BYTES) this.found.push({ from, to });
  }
}

/** The picture in a long text; null if the text is no picture. */
function pictureOf(text: Buffer): PictureText | null {
  if (!isAscii(text)) return null;
  const head = pictureHead(text.toString('latin1', 0, PictureText.MAX_HEAD), true) ?? '';
  const pieces: Buffer[] = [];
  for (let at = head.length; at < text.length; at += PIECE_BYTES) pieces.push(text.subarray(at, at + PIECE_BYTES));
  return new PictureText(head, pieces);
}

/**
 * Approximate size of a command's input in bytes, without serialising it: texts and pictures make up nearly all of it.
 */
export function inputBytesOf(command: SubmitCommand): number {
  const texts = Object.values(command).flatMap((value: unknown): unknown => value);
  const bytesOf = (text: unknown): number =>
    typeof text === 'string' || text instanceof PictureText ? text.length : 64;
  return texts.reduce<number>((sum, text) => sum + bytesOf(text), 512);
}
