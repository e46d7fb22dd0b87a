import type { Sample } from '../support/exposition.js';

/** What is taken at one moment, by the name and labels of its gauge. */
export type Shares = Readonly<Record<string, number>>;

/** A gauge of something that has to be given back ends so. */
const SHARE = /^journeyman_.*_(?:taken|held|open|under_way|in_use|in_flight|waiting_for_room)$/;
/** Sockets and files that ordinary work opens and closes all the time. */
const DESCRIPTOR_SLACK = 40;
/** What the good client may hold at any moment. */
const SHARE_SLACK = 12;
const BYTES_SLACK = 1_048_576;

/** The gauges of an exposition that count what has to be given back. */
export function sharesOf(samples: readonly Sample[]): Shares {
  return Object.fromEntries(
    samples
      .filter(({ name }) => SHARE.test(name))
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
