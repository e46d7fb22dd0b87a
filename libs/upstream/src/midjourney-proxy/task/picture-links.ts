import { createHash } from 'node:crypto';
import { isStorable, type JsonLimits } from '#libs/wire';
import { isObject, parseJsonText } from '../json/json-field.js';

const MAX_LINKS = 64;
const MAX_LINK_CHARS = 4_096;
/** All links of one text; longer ones are looked at by nobody, and are no JSON to parse. */
const MAX_TEXT_CHARS = 128 * 1024;
/** All texts of one task that may be links, which is more than 64 of the longest; what comes after them is looked at by nobody. */
const MAX_TASK_CHARS = 512 * 1024;
/** Parts of these texts: four times the links that a task may have in each of its fields. */
const MAX_PARTS = 1_024;
/** Lists of 64 objects with a dozen fields. A megabyte of brackets in texts takes 50 ms to parse. */
const TEXT_LIMITS: JsonLimits = { depth: 16, values: 2_000, keys: 100, keyLength: 256 };
/** JSON text in a field may hold JSON text: a server between two others. */
const MAX_DEPTH = 4;
/** The names under which objects hold their link, the usual one first. */
const FIELDS = ['url', 'link', 'src', 'imageUrl', 'videoUrl'] as const;
/** What servers write that mean nothing. They would be links to something beside the upstream. */
const NOTHING = /^(?:null|undefined|none|nil|nan|n\/a|na|false|true|\d+|[-/.#?]+|about:blank)$/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const PLAIN_LINK = /^https?:\/\/[\x21-\x5b\x5d-\x7e]+$/i;
/** What a text without a scheme must have to be a link and no message: a place where it begins, a folder, an ending. */
const RELATIVE = /^(?:\/|\?|\.{1,2}\/)|^\S+\/|\.[a-z][a-z0-9]{1,4}(?:[?#]|$)/i;
/** How base64 of a PNG, JPEG, GIF or WebP begins. */
const PICTURE_START = /^(?:iVBORw0KGgo|\/9j\/|R0lGOD[dl]|UklGR)/;
const NOT_BASE64 = /[^A-Za-z0-9+/=\s]/;
/** A path that begins so, and has no full stop, is shorter. */
const LEAST_PICTURE_CHARS = 64;
/** Several links in one text. From its beginning only: else a run of blanks is looked through once for each of them. */
const BETWEEN_LINKS = /(?<![\s,])[\s,]+(?=https?:\/\/)/i;

/**
 * Reads links to pictures as servers write them, and as a browser would follow them from the server's address: whole or
 * relative, with blanks or in other scripts, one or a list of them, or JSON text of either. A picture that comes in
 * itself, as a data URL, stands for a link as long as a hash: `inline` has its text. What cannot be read is no link.
 */
export class PictureLinks {
  /** The texts of pictures that came in themselves, by the names that stand for them; null: there are none. */
  inline: Map<string, string> | null = null;
  private readonly base: string;
  private charsLeft = MAX_TASK_CHARS;
  private partsLeft = MAX_PARTS;

  /** @param baseUrl of the upstream, as an operator gave it */
  constructor(baseUrl: string) {
    this.base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  }

  /** All links of a field, 64 at most. */
  all(value: unknown): string[] {
    return this.read(value, 0).slice(0, MAX_LINKS);
  }

  /** The first link of a field; null where there is none. */
  one(value: unknown): string | null {
    return this.read(value, 0)[0] ?? null;
  }

  private read(value: unknown, depth: number): string[] {
    if (depth > MAX_DEPTH) return [];
    if (Array.isArray(value)) {
      const entries = value.slice(0, 4 * MAX_LINKS).filter((entry) => !Array.isArray(entry));
      return entries.flatMap((entry) => this.read(entry, depth + 1));
    }
    if (isObject(value)) {
      const field = FIELDS.find((name) => value[name] !== undefined && value[name] !== null && value[name] !== '');
      return field === undefined ? [] : this.read(value[field], depth + 1);
    }
    return typeof value === 'string' ? this.readText(value.trim(), depth) : [];
  }

  private readText(text: string, depth: number): string[] {
    if (/^data:/i.test(text)) return this.keepInline(text);
    if (isBarePicture(text)) return this.keepInline(`data:;base64,${text}`);
    if (text.length > MAX_TEXT_CHARS) return [];
    this.charsLeft -= text.length;
    if (this.charsLeft < 0) return [];
    if (/^["[{]/.test(text)) return this.read(parseJsonText(text, TEXT_LIMITS), depth + 1);
    const parts = text.split(BETWEEN_LINKS).slice(0, Math.min(4 * MAX_LINKS, this.partsLeft));
    this.partsLeft -= parts.length;
    return parts.flatMap((part) => this.follow(part) ?? []);
  }

  private follow(text: string): string | null {
    if (text === '' || text.length > MAX_LINK_CHARS || NOTHING.test(text) || !isStorable(text)) return null;
    if (PLAIN_LINK.test(text)) return URL.canParse(text) ? text : null;
    if (!(SCHEME.test(text) ? /^https?:/i : RELATIVE).test(text) || !URL.canParse(text, this.base)) return null;
    const { protocol, href } = new URL(text, this.base);
    return (protocol === 'http:' || protocol === 'https:') && href.length <= MAX_LINK_CHARS ? href : null;
  }

  /** Rows hold no pictures: a hash stands for it, and the upstream is asked for it when it is wanted. */
  private keepInline(text: string): string[] {
    if (!text.includes(',')) return [];
    const name = `data:sha256,${createHash('sha256').update(text).digest('hex')}`;
    (this.inline ??= new Map()).set(name, text);
    return [name];
  }
}

/** Base64 of a picture without the head of a data URL. */
function isBarePicture(text: string): boolean {
  return text.length >= LEAST_PICTURE_CHARS && PICTURE_START.test(text) && !NOT_BASE64.test(text);
}
