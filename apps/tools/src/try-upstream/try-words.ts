import type { UpstreamKind, UpstreamTarget } from '#libs/upstream';
import type { Finding } from './finding.js';
import type { TrialTerms } from './trial.js';

/** What one piece of work costs about, in words; what the work is of whose texts are free or unknown is left out. */
const COSTS: Readonly<
  Record<UpstreamKind, { imagine: string; others: readonly string[]; video: string; mask: string | null }>
> = {
  'midjourney-proxy': { imagine: 'one imagine each', others: ['one U'], video: 'one film', mask: null },
  youchuan: { imagine: 'one fast job each', others: [], video: 'one film of 480p', mask: null },
  legnext: {
    imagine: '80 points each',
    others: ['one describe (20 points)', 'one shorten (20 points)'],
    video: 'one film of 480p',
    mask: null,
  },
  apimart: {
    imagine: 'about 0.05 $ each',
    others: ['one describe'],
    video: 'one film of 480p (about 0.20 $)',
    mask: 'one imagine of version 7, one U, one repainted region (about 0.10 $)',
  },
};

/** What a run will do, and what it costs about: told before anything is called. */
export function planInWords({ name, kind }: UpstreamTarget, terms: TrialTerms): string {
  const { imagine, others, video, mask } = COSTS[kind];
  const work = [
    `${terms.sendsTwice ? 'two imagines of one text' : 'one imagine'} (${imagine})`,
    ...others,
    ...(terms.withVideo && kind !== 'midjourney-proxy' ? [video] : []),
    ...(terms.withMask && mask !== null ? [mask] : []),
  ];
  return [
    `Tries the upstream ${name} (${kind}) with real work that its account pays for:`,
    ...work.map((line) => `  - ${line}`),
    '  - reads: a probe, one with a wrong secret, one of a task that does not exist, and polls until the work has ended',
  ].join('\n');
}

/** One finding as lines. */
export function findingInWords({ assumption, verdict, came }: Finding): string {
  const { id, grade, expects } = assumption;
  return `${verdict.padEnd(11)}  ${id} (${grade})\n             expected: ${expects}\n             came: ${came}`;
}

/** How many findings of each verdict there are, and what follows where something differs. */
export function summaryInWords(findings: readonly Finding[]): string {
  const count = (verdict: Finding['verdict']): number => findings.filter((one) => one.verdict === verdict).length;
  const differing = findings.filter(({ verdict }) => verdict === 'differs');
  return [
    `${count('as expected')} as expected, ${differing.length} differ, ${count('not tried')} not tried`,
    ...differing.map(({ assumption: { id, otherwise } }) => `${id} differs: ${otherwise}.`),
  ].join('\n');
}
