import { isOperatorFault, type CallFault, type Outcome } from '../../port/outcome.js';

/** The outcome of a submit whose parent could not be read, so that nothing was sent. */
export function notRead(fault: CallFault): Outcome {
  if (!isOperatorFault(fault)) return { kind: 'nothing_done', fault };
  return { kind: 'nothing_done', fault, scope: fault === 'forbidden' ? 'work' : 'upstream' };
}
