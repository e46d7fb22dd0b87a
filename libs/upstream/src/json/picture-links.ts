import { createHash } from 'node:crypto';
import { isStorable, type JsonLimits } from '#libs/wire';
import { isObject, parseJsonText } from './json-field.js';
import { parseHttpUrl, parseUrl } from '#libs/net';

const MAX_LINKS = 64;
const MAX_LINK_CHARS = 4_096;
/** Longest text that is read for links. */
const MAX_TEXT_CHARS = 128 * 1024;
/** Most characters of one task that are read for links, more than 64 of the longest links; the rest is skipped. */
const MAX_TASK_CHARS = 512 * 1024;
/** Most parts of these texts: four times the links that a task may have in each of its fields. */
const MAX_PARTS = 1_024;
/** Limits of JSON inside a text: 64 objects with a dozen fields. A megabyte of brackets takes 50 ms to parse. */
const TEXT_LIMITS: JsonLimits = { depth: 16, values: 2_000, keys: 100, keyLength: 256 };
/** Levels of JSON text inside JSON text, which servers between two others produce. */
const MAX_DEPTH = 4;
/** Names of the field that holds the link of an object, the usual one first. */
const FIELDS = ['url', 'link', 'src', 'imageUrl', 'videoUrl'] as const;
/** Texts that servers write in place of no link. They would be read as relative links. */
const NOTHING = /^(?:null|undefined|none|nil|nan|n\/a|na|false|true|\d+|[-/.#?]+|about:blank)$/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const PLAIN_LINK = /^https?:\/\/[\x21-\x5b\x5d-\x7e]+$/i;
/** What tells a relative link from a message: a leading slash or dot, a folder, or a file extension. */
const RELATIVE = /^(?:\/|\?|\.{1,2}\/)|^\S+\/|\.[a-z][a-z0-9]{1,4}(?:[?#]|$)/i;
/** How base64 of a PNG, JPEG, GIF or WebP begins. */
const PICTURE_START = /^(?:iVBORw0KGgo|\/9j\/|R0lGOD[dl]|UklGR)/;
const NOT_BASE64 = /[^A-Za-z0-9+/=\s]/;
/** Shortest base64 that is taken for a picture: relative paths that begin alike are shorter. */
const LEAST_PICTURE_CHARS = 64;
/**
 * Separators of links in one text. The look-behind lets a match begin only where a run begins: else it is scanned once
 * for each character.
 */
const BETWEEN_LINKS = /(?<![\s,])[\s,]+(?=https?:\/\/)/i;

/**
 * Reads links to pictures as servers write them, and resolves them as a browser would: absolute or relative, with blanks or in
 * other scripts, one link or a list, or JSON text of either. An inline picture (a data URL) is replaced by a name with its
 * hash, and `inline` has its text. Texts that are no links are skipped.
 */
export class PictureLinks {
  /** The data URLs of inline pictures, by the names that replace them; null: none. */
  inline: Map<string, string> | null = null;
  private readonly base: string;
  private charsLeft = MAX_TASK_CHARS;
  private partsLeft = MAX_PARTS;

  /** @param baseUrl address of the upstream, the base of relative links */
  constructor(baseUrl: string) {
    this.base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  }

  /** The links of a field, at most 64. */
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
    if (PLAIN_LINK.test(text)) return parseUrl(text) === null ? null : text;
    if (!(SCHEME.test(text) ? /^https?:/i : RELATIVE).test(text)) return null;
    const href = parseHttpUrl(text, this.base)?.href ?? null;
    return href !== null && href.length <= MAX_LINK_CHARS ? href : null;
  }

  /**
   * Replaces an inline picture by a name with its hash: rows hold no pictures, and it is read from the upstream when it
   * is needed.
   */
  private keepInline(text: string): string[] {
    if (!text.includes(',')) return [];
    const name = `data:sha256,${createHash('sha256').update(text).digest('hex')}`;
    (this.inline ??= new Map()).set(name, text);
    return [name];
  }
}

/** Whether a text is the base64 of a picture, without the head of a data URL. */
function isBarePicture(text: string): boolean {
  return text.length >= LEAST_PICTURE_CHARS && PICTURE_START.test(text) && !NOT_BASE64.test(text);
}
