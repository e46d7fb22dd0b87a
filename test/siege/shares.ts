import type { Sample } from '../support/exposition.js';

/** What is taken at one moment, by the name and labels of its gauge. */
export type Shares = Readonly<Record<string, number>>;

/**
 * The gauges of what has to be given back; a permit that is waited for counts as one that is held. Places of hooks are
 * left out: receivers that hang are tried again by schedule for a day, and the p95 of a good client's hooks tells of them.
 */
const SHARES = new Set([
  'journeyman_share_used',
  'journeyman_permits',
  'journeyman_conversions',
  'journeyman_linked_fetches',
  'journeyman_linked_bytes',
]);
/** Sockets and files that ordinary work opens and closes all the time. */
const DESCRIPTOR_SLACK = 40;
/** What the good client may hold at any moment. */
const SHARE_SLACK = 12;
const BYTES_SLACK = 1_048_576;

/** The gauges of an exposition that count what has to be given back. */
export function sharesOf(samples: readonly Sample[]): Shares {
  return Object.fromEntries(
    samples
      .filter(({ name, labels }) => SHARES.has(name) && labels['state'] !== 'total')
      .map(({ name, labels, value }) => [
        [name, ...Object.entries(labels).map((pair) => pair.join('='))].join(' '),
        value,
      ]),
  );
}

/** What is still taken that was not before, beyond what the good client's own work takes. */
export function leftTaken(before: Shares, after: Shares): string[] {
  return Object.entries(after)
    .filter(([name, value]) => value > (before[name] ?? 0) + slackOf(name))
    .map(([name, value]) => `${name}: ${before[name] ?? 0} → ${value}`);
}

function slackOf(name: string): number {
  if (name === 'descriptors') return DESCRIPTOR_SLACK;
  return name.includes('bytes') ? BYTES_SLACK : SHARE_SLACK;
}
