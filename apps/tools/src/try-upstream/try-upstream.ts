import { definitionOf, UpstreamCallError, type Assumption } from '#libs/upstream';
import { CHECKS } from './checks/checks.js';
import { NotTriedError, type Finding } from './finding.js';
import type { Trial, TrialTerms } from './trial.js';

/**
 * Tries every assumption of an upstream's kind, in their order. `onFinding` is called as each is known.
 * @throws UpstreamCallError where the upstream does not answer a harmless read
 */
export async function tryUpstream(
  trial: Trial,
  onFinding: (finding: Finding) => void = () => undefined,
): Promise<Finding[]> {
  await trial.adapter.probe(trial.up);
  const findings: Finding[] = [];
  for (const assumption of definitionOf(trial.up.kind).assumptions) {
    const finding = await findingOf(trial, assumption);
    findings.push(finding);
    onFinding(finding);
  }
  return findings;
}

/** The exit code of a run: 1 where something differs, 2 where something could not be tried, else 0. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ verdict }) => verdict === 'differs')) return 1;
  return findings.some(({ isFailed }) => isFailed) ? 2 : 0;
}

async function findingOf(trial: Trial, assumption: Assumption): Promise<Finding> {
  const why = notWanted(assumption, trial.terms);
  if (why !== null) return { assumption, verdict: 'not tried', came: why, isFailed: false };
  const check = CHECKS[trial.up.kind][assumption.id];
  if (check === undefined) throw new Error(`nothing checks ${assumption.id} of ${trial.up.kind}`);
  try {
    return { assumption, ...(await check(trial)), isFailed: false };
  } catch (error) {
    if (error instanceof NotTriedError)
      return { assumption, verdict: 'not tried', came: error.message, isFailed: true };
    if (!(error instanceof UpstreamCallError)) throw error;
    return { assumption, verdict: 'not tried', came: `a call failed: ${error.fault}`, isFailed: true };
  }
}

/** Why an assumption is not to be tried in this run; null: it is. */
function notWanted({ id, tried }: Assumption, terms: TrialTerms): string | null {
  if (id === 'same-body-twice' && !terms.sendsTwice) return '--once was given';
  switch (tried) {
    case 'always':
      return null;
    case 'video':
      return terms.withVideo ? null : 'it needs --video';
    case 'mask':
      return terms.withMask ? null : 'it needs --mask';
    case 'callback':
      if (terms.callbackUrl === null) return 'it needs --callback-url';
      return terms.listenPort === null && id !== 'callback-echo' ? 'it needs --listen' : null;
    case 'never':
      return 'it takes a person to judge';
  }
}
