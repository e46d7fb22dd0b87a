import { isStorable, SUBMIT_CODE, type JsonLimits } from '#libs/wire';
import type { Outcome } from '../../port/outcome.js';
import { idOf, integerOf, isObject, parseJsonText, textOf, type JsonObject } from '../../json/json-field.js';
import { parseHttpUrl, parseUrl } from '#libs/net';

/** Codes of success of other servers, which number like HTTP or like exit codes. */
const OTHER_SUCCESSES: ReadonlySet<number> = new Set([0, 200]);
/** Codes of midjourney-proxy that come with a result. */
export const WITH_RESULT: ReadonlySet<number> = new Set([SUBMIT_CODE.ACCEPTED, SUBMIT_CODE.QUEUED, SUBMIT_CODE.EXISTS]);
const SUCCESS_WORDS: ReadonlySet<string> = new Set(['', 'success', 'ok', 'true']);
const ID_NAMES = ['taskId', 'task_id', 'id', 'jobId', 'job_id', 'mjId', 'result'] as const;
const LINK_NAMES = ['url', 'link', 'imageUrl', 'image_url', 'src'] as const;
const LIST_NAMES = ['urls', 'links', 'imageUrls', 'images', 'list', 'result', 'data'] as const;
const MAX_LINK_CHARS = 4_096;
/** Longest text that is split into several ids or links. */
const MAX_TEXT_CHARS = 64 * 1024;
/** Most items of one list: a submit has ten pictures at most. */
const MOST_LISTED = 64;
/** Limits of JSON inside a text: as many links, in objects with a dozen fields. */
const TEXT_LIMITS: JsonLimits = { depth: 16, values: 2_000, keys: 100, keyLength: 256 };
/** The form of an id where the code is not midjourney-proxy's: there a text may be a message as well. */
const PLAIN_ID = /^[\w:.-]{1,128}$/;

type Ids = [string, ...string[]];

/** The outcome of an answer that accepts a submit; null where it does not: another code, an error, or no id of a task. */
export function readAcceptance(code: number | null, body: JsonObject): Outcome | null {
  const properties = isObject(body['properties']) ? body['properties'] : {};
  const ids = idsIn(body, code);
  if (ids === null) return null;
  switch (code) {
    case SUBMIT_CODE.QUEUED: {
      const ahead = Math.max(0, integerOf(properties['numberOfQueues']) ?? 0);
      return { kind: 'queued', upstreamTaskIds: ids, ahead };
    }
    case SUBMIT_CODE.EXISTS:
      return existsOrWindow(ids[0], body, properties);
    default:
      return isSuccess(code, body) ? { kind: 'accepted', upstreamTaskIds: ids } : null;
  }
}

/**
 * The outcome of an answer that accepts an upload; null where it names no links, or other texts among them.
 * @param baseUrl the base of relative links; "": relative links are refused
 */
export function readUpload(code: number | null, body: JsonObject, baseUrl: string): Outcome | null {
  if (!isSuccess(code, body)) return null;
  for (const place of [body['result'], body['data'], body]) {
    const urls = linksOf(place, baseUrl, 0);
    if (urls !== null) return { kind: 'uploaded', urls };
  }
  return null;
}

/** Whether an answer reports success: by code 1, or in the way of other servers where it reports no error. */
function isSuccess(code: number | null, body: JsonObject): boolean {
  if (code === SUBMIT_CODE.ACCEPTED) return true;
  if (body['error'] !== undefined && body['error'] !== null) return false;
  if (code !== null) return OTHER_SUCCESSES.has(code);
  const word = body['code'] ?? '';
  return typeof word === 'string' && SUCCESS_WORDS.has(word.trim().toLowerCase());
}

/** The ids in `result`, or in `data`, where servers with other codes put them. */
function idsIn(body: JsonObject, code: number | null): Ids | null {
  if (code !== null && WITH_RESULT.has(code)) {
    const ids = idsOf(body['result']);
    if (ids !== null) return ids;
  }
  const ids = idsOf(body['result']) ?? idsOf(body['data']);
  return ids !== null && ids.every((id) => PLAIN_ID.test(id)) ? ids : null;
}

/** Ids given as a string, a number, an array, a comma-separated list, or an object of these; null: none. */
function idsOf(value: unknown): Ids | null {
  if (isObject(value)) return idsNamed(value, ID_NAMES);
  if (typeof value === 'string' && value.length > MAX_TEXT_CHARS) return null;
  const parts: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];
  const ids = parts.map((part) => (isObject(part) ? (idsNamed(part, ID_NAMES)?.[0] ?? null) : idOf(part)));
  const [first, ...rest] = ids.filter((id) => id !== null);
  return first === undefined ? null : [first, ...rest];
}

function idsNamed(holder: JsonObject, names: readonly string[]): Ids | null {
  for (const name of names) {
    const value = holder[name];
    if (isObject(value) || value === undefined || value === null) continue;
    const ids = idsOf(value);
    if (ids !== null) return ids;
  }
  return null;
}

/** A link, a list of links or of objects with one, or JSON text of these, in any envelope; null for anything else. */
function linksOf(value: unknown, baseUrl: string, depth: number): string[] | null {
  if (depth > 3) return null;
  if (typeof value === 'string') return linksInText(value, baseUrl, depth);
  if (Array.isArray(value)) {
    if (value.length > MOST_LISTED) return null;
    const links = value.map((item) => linksOf(item, baseUrl, depth + 1));
    return links.length > 0 && links.every((found) => found !== null) ? links.flat() : null;
  }
  if (!isObject(value)) return null;
  for (const name of [...LINK_NAMES, ...LIST_NAMES]) {
    const found = linksOf(value[name], baseUrl, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function linksInText(text: string, baseUrl: string, depth: number): string[] | null {
  if (text.length > MAX_TEXT_CHARS) return null;
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) return linksOf(parseJsonText(trimmed, TEXT_LIMITS), baseUrl, depth + 1);
  // The look-behind lets a match begin only where a run of separators begins: else the run is scanned once for each character.
  const parts = trimmed.split(/(?<![,\s])[,\s]+(?=https?:\/\/)/i);
  if (parts.length > MOST_LISTED) return null;
  const links = parts.map((part) => linkOf(part, baseUrl));
  return links.every((link) => link !== null) ? links : null;
}

/** An absolute link as it was given, and a relative one resolved as a browser would; null: no link. */
function linkOf(text: string, baseUrl: string): string | null {
  if (text.length > MAX_LINK_CHARS || !isStorable(text)) return null;
  if (/^https?:\/\/\S+$/i.test(text)) return parseUrl(text) === null ? null : text;
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  if (baseUrl === '' || !/^(?:https?:\/)?\.{0,2}\/\S/i.test(text)) return null;
  const href = parseHttpUrl(text, base)?.href ?? null;
  return href !== null && href.length <= MAX_LINK_CHARS ? href : null;
}

function existsOrWindow(id: string, body: JsonObject, properties: JsonObject): Outcome {
  const isWindow =
    properties['remix'] === true ||
    /confirm/i.test(textOf(body['description'])) ||
    textOf(properties['status']).toUpperCase() === 'MODAL';
  return isWindow
    ? { kind: 'window', upstreamTaskId: id, finalPrompt: textOf(properties['finalPrompt']) }
    : { kind: 'exists', upstreamTaskId: id };
}
