import type { Failure } from '../../../api/failure.ts';
import { failureText } from '../../../components/failure-text.ts';
import { strings } from './strings.ts';
import type { SubmitOutcome } from './submit-answer.ts';

/** Why a submit was refused, in the reader's language. */
export function refusalText({ code, description, bannedWord }: Extract<SubmitOutcome, { kind: 'refused' }>): string {
  const { refusals } = strings.value;
  switch (code) {
    case 3:
      return refusals.noUpstream;
    case 23:
      return refusals.queueFull;
    case 24:
      return bannedWord === '' ? refusals.bannedUnknown : refusals.banned(bannedWord);
    case 30:
      return refusals.saturated;
    default:
      return refusals.upstream(description);
  }
}

/** Why a call that submits was refused: names of /mj that users meet have sentences. */
export function submitFailureText(failure: Failure): string {
  const { refusals } = strings.value;
  if (failure.name === 'quota_not_enough') return refusals.quota;
  if (failure.name === 'upstream_not_available') return refusals.upstreamAway;
  if (failure.status === 429) return refusals.saturated;
  return failureText(failure);
}
