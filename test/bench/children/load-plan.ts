import { wholePng } from '../../support/whole-png.js';

/** What a load generator sends, in a circle. */
export interface LoadPlan {
  /** Base URLs; connections take turns. */
  urls: readonly string[];
  headers: Readonly<Record<string, string>>;
  requests: readonly { method: 'GET' | 'POST'; path: string; body: string | null }[];
  /** Puts so many pictures of so many bytes, in base64, into each body, which is then an imagine. */
  pictures?: { count: number; bytes: number };
  /** What every answer must contain; empty: only its status counts. */
  expects: string;
}

/** How long, or how many. */
export type LoadRun = { connections: number } & ({ seconds: number } | { count: number });

export interface LoadResult {
  answers: number;
  seconds: number;
  perSecond: number;
  /** Of the bodies, megabytes. */
  megabytes: number;
  /** Of one answer, ms. */
  medianMs: number;
  p99Ms: number;
}

/** Every request of a plan as the bytes that are sent. */
export function requestsOf(plan: LoadPlan): Buffer[] {
  const host = new URL(plan.urls[0] ?? '').host;
  const shared = Object.entries(plan.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return plan.requests.map(({ method, path, body }) => {
    const content = plan.pictures === undefined ? body : withPictures(plan.pictures);
    const length = content === null ? [] : [`content-type: application/json\r\ncontent-length: ${content.length}\r\n`];
    const head = [`${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`, ...shared, ...length, '\r\n'];
    return Buffer.from(head.join('') + (content ?? ''), 'utf8');
  });
}

/** Bytes that are a PNG by their structure: what lies between nobody looks at before the upstream does. */
function withPictures({ count, bytes }: { count: number; bytes: number }): string {
  const base64 = wholePng(bytes, () => 0x5a).toString('base64');
  return JSON.stringify({ prompt: 'four pictures', base64Array: Array.from({ length: count }, () => base64) });
}
