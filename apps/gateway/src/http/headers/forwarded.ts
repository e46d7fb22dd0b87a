import type { IncomingHttpHeaders } from 'node:http';

/** Where a proxy says that the original request went; null: the proxy does not say. Values are not validated yet. */
export interface Forwarded {
  proto: string | null;
  host: string | null;
  port: string | null;
  prefix: string | null;
}

const MAX_HEADER_CHARS = 4_096;
/** A pair of RFC 7239: `name=token` or `name="text"`, and what ends it. */
const PAIR = /\s*([a-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))\s*([;,]|$)/giy;

/**
 * Reads `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix`, and `Forwarded` (RFC 7239) where the first two are missing.
 * Each proxy appends its value; the value of the outermost trusted proxy counts.
 * @param hops how many proxies in a row are trusted, from this gateway outwards
 */
export function readForwarded(headers: IncomingHttpHeaders, hops: number): Forwarded {
  const read = (name: string): string | null => listedAt(headers[name], hops);
  const [proto, host] = [read('x-forwarded-proto'), read('x-forwarded-host')];
  const { forwarded } = headers;
  const element = forwarded !== undefined && (proto === null || host === null) ? elementAt(forwarded, hops) : null;
  return {
    proto: proto ?? element?.get('proto') ?? null,
    host: host ?? element?.get('host') ?? null,
    port: read('x-forwarded-port'),
    prefix: read('x-forwarded-prefix'),
  };
}

function listedAt(header: string | string[] | undefined, hops: number): string | null {
  if (header === undefined) return null;
  const values = String(header).slice(0, MAX_HEADER_CHARS).split(',');
  return outermost(values, hops)?.trim() || null;
}

function outermost<Value>(values: readonly Value[], hops: number): Value | undefined {
  return values[Math.max(0, values.length - hops)];
}

/** Null where the header is not what RFC 7239 says. */
function elementAt(header: string, hops: number): Map<string, string> | null {
  if (header.length > MAX_HEADER_CHARS) return null;
  const elements: Map<string, string>[] = [];
  let element = new Map<string, string>();
  PAIR.lastIndex = 0;
  for (let at = 0; at < header.length; at = PAIR.lastIndex) {
    const pair = PAIR.exec(header);
    if (pair === null) return null;
    const [, name = '', quoted, token = '', end] = pair;
    element.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? token);
    if (end === ';') continue;
    elements.push(element);
    element = new Map();
  }
  return outermost(elements, hops) ?? null;
}
