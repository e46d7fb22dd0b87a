import { isAscii } from 'node:buffer';
import { jsonPieces, pictureHead, PictureText, type SubmitCommand } from '#libs/upstream';
import { JsonStructure, type JsonStrings } from '#libs/wire';

/** No text of a command is as long that is no picture, bytes. */
const LONG_BYTES = 64 * 1024;
/** Bytes of a picture that are written in one turn of the event loop. */
const PIECE_BYTES = 256 * 1024;
const NO_LIMITS = { depth: Infinity, values: Infinity, keys: Infinity, keyLength: Infinity };

/** The bytes that a waiting task's command is kept as. */
export function toInput(command: SubmitCommand): Buffer {
  return Buffer.concat(jsonPieces(command));
}

/**
 * The command of kept bytes, which only toInput writes; null when they are not whole. Large pictures stay the bytes that they
 * are: 27 MiB of them took 110 ms to be parsed and written again, and four times their memory.
 * @param body nobody changes it any more
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
    // No text that a client may send begins so.
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

/** Where the long texts of a JSON text are that need no escapes. */
class LongTexts implements JsonStrings {
  readonly found: { from: number; to: number }[] = [];

  open(): void {
    // Names are never that long.
  }

  read(_text: Buffer, from: number, to: number, isClosed: boolean, hasEscapes: boolean): void {
    if (isClosed && !hasEscapes && to - from >= LONG_BYTES) this.found.push({ from, to });
  }
}

/** Null: it is none. */
function pictureOf(text: Buffer): PictureText | null {
  if (!isAscii(text)) return null;
  const head = pictureHead(text.toString('latin1', 0, PictureText.MAX_HEAD), true) ?? '';
  const pieces: Buffer[] = [];
  for (let at = head.length; at < text.length; at += PIECE_BYTES) pieces.push(text.subarray(at, at + PIECE_BYTES));
  return new PictureText(head, pieces);
}

/** About how many bytes a command's input has, without making it: texts and pictures are all of it. */
export function inputBytesOf(command: SubmitCommand): number {
  const texts = Object.values(command).flatMap((value: unknown): unknown => value);
  const bytesOf = (text: unknown): number =>
    typeof text === 'string' || text instanceof PictureText ? text.length : 64;
  return texts.reduce<number>((sum, text) => sum + bytesOf(text), 512);
}
