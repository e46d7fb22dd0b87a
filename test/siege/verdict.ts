import type { GoodReport } from './good-record.js';

/** What was seen of one attack. */
export interface Siege {
  name: string;
  about: string;
  seconds: number;
  /** What the attacker saw. */
  attacker: string;
  good: GoodReport;
  /** Largest memory of the gateway and its children, bytes. */
  peakBytes: number;
  /** What was still taken when everything had had time to be given back. */
  leftTaken: readonly string[];
  /** Status of /health/ready at the end. */
  readiness: number;
  /** How the process ended, null while it lives. */
  exit: string | null;
}

/** The longest a good client's request may take, p99, ms. */
export const GOOD_P99_MS = 1_000;
/** From the end of a task to its hook at a healthy receiver, p95, ms. */
export const HOOK_P95_MS = 3_000;

/** What is wrong with it; empty when the gateway held. */
export function faultsOf(siege: Siege): string[] {
  const { good, leftTaken, readiness, exit } = siege;
  return [
    ...(exit === null ? [] : [`the process ended (${exit})`]),
    ...(good.requests === 0 ? ['the good client got no answer at all'] : []),
    ...(good.refusals === 0 ? [] : [`${good.refusals} refusals of the good client: ${good.examples.join(' · ')}`]),
    ...(good.p99 <= GOOD_P99_MS ? [] : [`p99 of the good client is ${good.p99} ms (${good.slowest})`]),
    ...(good.hookP95 <= HOOK_P95_MS ? [] : [`p95 of its hooks is ${good.hookP95} ms`]),
    ...leftTaken.map((what) => `left taken: ${what}`),
    ...(readiness === 200 ? [] : [`/health/ready answers ${readiness}`]),
  ];
}

/** The rows of docs/reliability.md. */
export function tableOf(sieges: readonly Siege[], head: string): string {
  const lines = sieges.map((siege) => {
    const { good, peakBytes, seconds } = siege;
    const cells = [
      `\`${siege.name}\`: ${siege.about}`,
      `${seconds} s`,
      String(good.requests),
      String(good.refusals),
      `${good.p50} / ${good.p99} ms`,
      `${good.hookP95} ms`,
      `${Math.round(peakBytes / 1_048_576)} MiB`,
      faultsOf(siege).length === 0 ? 'held' : faultsOf(siege).join('; '),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return [
    head,
    '',
    '| attack | took | good requests | refused | p50 / p99 | hooks p95 | peak memory | |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}
