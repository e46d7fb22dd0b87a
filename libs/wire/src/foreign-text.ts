import { withoutForeignSpeed } from './prompt-flags.js';

const MAX_CHARS = 500;
const MAX_READ = 2_000;

const TRACES: readonly RegExp[] = [
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)\]]+/gi,
  /\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g,
  /\[?(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])\]?(?::\d+)?/gi,
  /\[?(?<![\w:])(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?(?!\w)\]?(?::\d+)?/gi,
  /\[?(?<![\w:])::[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*(?!\w)\]?(?::\d+)?/gi,
  /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH)\s+\S+/g,
  /\blocalhost(?::\d+)?\b/gi,
  /\b(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?::\d+)?\b(?:\/[^\s"'<>)\]]*)?/gi,
  /\b[a-z][a-z0-9-]*:\d{2,5}\b/gi,
  /\d{15,}/g,
  /(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])/gi,
  /(?<![\w-])(?=[a-z]*\d)[0-9a-f]{16,}(?![\w-])/gi,
];

/**
 * An upstream's own words as a client may see them: at most 500 characters, without URLs, host names, addresses,
 * runs of 15 or more digits, UUIDs and long hexadecimal numbers (ids of tasks, channels and accounts).
 */
export function scrubForeignText(text: string): string {
  // The patterns cost more than their share on long texts, and no more than 500 characters are shown.
  const bare = TRACES.reduce((left, trace) => left.replace(trace, ' '), text.slice(0, MAX_READ));
  return [...bare.replace(/\s+/g, ' ').trim()].slice(0, MAX_CHARS).join('').trim();
}

const LINK = /<?https?:\/\/[^\s"'<>]+>?/gi;
/** Midjourney's own short links: they name no upstream, and clients use them in prompts again. */
const MIDJOURNEY_LINK = /^<?https:\/\/s\.mj\.run\//i;

/**
 * A prompt as an upstream echoes it, without what its client did not type: links that the upstream put there, and the flag
 * of a mode that was chosen otherwise. What the client's own prompt has stays.
 */
export function withoutForeignParts(text: string, ownPrompt: string): string {
  return withoutForeignSpeed(withoutForeignLinks(text, ownPrompt), ownPrompt);
}

function withoutForeignLinks(text: string, ownPrompt: string): string {
  if (!text.includes('://')) return text;
  const isOwn = (link: string): boolean => MIDJOURNEY_LINK.test(link) || ownPrompt.includes(link.replace(/[<>]/g, ''));
  return text.replace(LINK, (link) => (isOwn(link) ? link : '')).trim();
}

/** What Postgres cannot store in text or jsonb is taken out: NUL and lone surrogates. */
export function storableText(text: string): string {
  return (text.includes('\u0000') ? text.replaceAll('\u0000', '') : text).toWellFormed();
}

/** Whether a client's string can be stored and signed as it is. */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}
