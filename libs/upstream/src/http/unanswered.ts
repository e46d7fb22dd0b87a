import type { CallFault, Outcome } from '../port/outcome.js';
import type { HttpAnswer } from './http-answer.js';
import { leadsElsewhere } from './redirect-rule.js';

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

/** The outcome of a submit that was answered with a redirect; null: the answer is none. `url`: the address of the request. */
export function redirected({ status, redirectsTo = null }: HttpAnswer, url: string): Outcome | null {
  if (status < 300 || status > 399) return null;
  return leadsElsewhere(status, url, redirectsTo)
    ? { kind: 'nothing_done', fault: 'redirected', scope: 'work' }
    : { kind: 'unknown', fault: 'unreadable' };
}
