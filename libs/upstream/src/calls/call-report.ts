import type { CallFault, OperatorFault, Outcome } from '../port/outcome.js';
import type { UpstreamOperation } from './upstream-call.entity.js';

/** One call to an upstream, as it ended. */
export interface CallReport {
  upstream: { id: string; name: string };
  operation: UpstreamOperation;
  /** Of a submit the outcome's kind; of others `ok`, or the class of the failure. */
  result: string;
  /** Why it failed; null: it was answered. */
  fault: CallFault | null;
  /** What it says of the upstream's health; null: nothing. */
  healthy: boolean | null;
  /** What only its operator can mend, and whether new work is kept from it; null, or left out: nothing. */
  misconfigured?: { fault: OperatorFault; stops: boolean } | null;
  /** It took work on. */
  isAcceptance?: boolean;
  /** When it began, on the database's clock, and how long it took, ms. */
  beganAt: Date;
  ms: number;
  /** False where the work itself is slow, so that its time says nothing of the upstream's. */
  isQuick: boolean;
}

/** Without an answer that can be read; 4xx, every code, and well-formed answers of any other form are answers. */
const FAILURES: ReadonlySet<CallFault> = new Set([
  'connect',
  'dns',
  'tls',
  'timeout',
  'reset',
  'status_5xx',
  'unreadable',
]);

/** Whether a call that ended so counts against its upstream. */
export function isFailure(fault: CallFault | null): boolean {
  return fault !== null && FAILURES.has(fault);
}

/** Why a submit was not answered; null where it was, whatever the answer. */
export function faultOf(outcome: Outcome): CallFault | null {
  switch (outcome.kind) {
    case 'unknown':
      return outcome.fault === 'unexpected' ? null : outcome.fault;
    case 'nothing_done':
      return outcome.fault === 'no_account' ? null : outcome.fault;
    case 'accepted':
    case 'queued':
    case 'window':
    case 'exists':
    case 'uploaded':
    case 'full':
    case 'banned':
    case 'refused':
      return null;
  }
}
