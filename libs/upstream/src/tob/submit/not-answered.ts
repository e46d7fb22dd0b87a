import type { HttpAnswer } from '../../http/http-answer.js';
import { isOperatorFault, type CallFault, type Outcome } from '../../port/outcome.js';
import { leadsElsewhere } from '../../http/redirect-rule.js';

/** The outcome of a submit that was not answered: only a call that did not reach its server surely began nothing. */
export function notAnswered(fault: CallFault): Outcome {
  switch (fault) {
    case 'connect':
    case 'dns':
    case 'tls':
      return { kind: 'nothing_done', fault };
    default:
      return { kind: 'unknown', fault };
  }
}

/** The outcome of a submit whose parent could not be read, so that nothing was sent. */
export function notRead(fault: CallFault): Outcome {
  if (!isOperatorFault(fault)) return { kind: 'nothing_done', fault };
  return { kind: 'nothing_done', fault, scope: fault === 'forbidden' ? 'work' : 'upstream' };
}

/** The outcome of a redirect; null: the answer is none. */
export function redirected({ status, redirectsTo = null }: HttpAnswer, url: string): Outcome | null {
  if (status < 300 || status > 399) return null;
  return leadsElsewhere(status, url, redirectsTo)
    ? { kind: 'nothing_done', fault: 'redirected', scope: 'work' }
    : { kind: 'unknown', fault: 'unreadable' };
}
