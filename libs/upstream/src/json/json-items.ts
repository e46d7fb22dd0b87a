import { parseJson } from './json-field.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SPACE = 0x20;
/** Longest item: a hundred times the longest task that servers show. */
const MOST_ITEM_BYTES = 256 * 1024;
/** Most white space before a list or its first item, bytes. */
const MOST_SPACE = 1_024;

/** Whether a body begins like a JSON list. */
export function isJsonList(body: Buffer): boolean {
  return body[skipSpace(body, 0)] === OPEN_LIST;
}

/**
 * The items of a JSON list, each parsed only when it is taken: a list of many megabytes costs no more at a time than its next
 * item, and items that are not taken cost nothing. An item that is no JSON is undefined.
 * @throws Error where the list breaks off, or an item has no end within 256 KiB
 */
export function* jsonItems(body: Buffer): Generator<unknown, void> {
  let at = skipSpace(body, 0) + 1;
  if (body[skipSpace(body, at)] === CLOSE_LIST) return;
  for (;;) {
    const end = endOfItem(body, at);
    yield parseJson(body.subarray(at, end));
    if (body[end] === CLOSE_LIST) return;
    at = end + 1;
  }
}

/** The index of the comma or bracket after an item. */
function endOfItem(body: Buffer, from: number): number {
  const last = Math.min(body.length, from + MOST_ITEM_BYTES);
  let depth = 0;
  for (let at = from; at < last; at += 1) {
    switch (body[at]) {
      case QUOTE:
        at = endOfString(body, at);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        depth += 1;
        break;
      case CLOSE_OBJECT:
        depth -= 1;
        break;
      case CLOSE_LIST:
        if (depth === 0) return at;
        depth -= 1;
        break;
      case COMMA:
        if (depth === 0) return at;
    }
  }
  throw new Error('a list breaks off, or has an item without end');
}

/** The index of the closing quote of the string that begins at `from`. */
function endOfString(body: Buffer, from: number): number {
  for (let at = from; ;) {
    at = body.indexOf(QUOTE, at + 1);
    if (at === -1) return body.length;
    let escapes = at;
    while (body[escapes - 1] === BACKSLASH) escapes -= 1;
    if ((at - escapes) % 2 === 0) return at;
  }
}

function skipSpace(body: Buffer, from: number): number {
  let at = from;
  const last = Math.min(body.length, from + MOST_SPACE);
  while (at < last && (body[at] ?? 0) <= SPACE) at += 1;
  return at;
}
