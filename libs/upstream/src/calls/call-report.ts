import type { UpstreamKind } from '../kinds.js';
import type { CallFault, OperatorFault, Outcome } from '../port/outcome.js';
import type { UpstreamOperation } from './upstream-call.entity.js';

/** A finished call to an upstream. */
export interface CallReport {
  upstream: { id: string; name: string; kind: UpstreamKind };
  operation: UpstreamOperation;
  /** The kind of the outcome for a submit; for other calls `ok`, or the class of the failure. */
  result: string;
  /** The task that a submit was for; left out: not told, or another call. */
  taskId?: string;
  /** Why the call failed; null: it was answered. */
  fault: CallFault | null;
  /** Whether the call shows that the upstream works; null: it shows nothing. */
  healthy: boolean | null;
  /** A fault that only an operator can mend, and whether new work is kept from it; null, or left out: none. */
  misconfigured?: { fault: OperatorFault; stops: boolean } | null;
  /** The upstream accepted work. */
  isAcceptance?: boolean;
  /** When the call began, by the database's clock, and how long it took, ms. */
  beganAt: Date;
  ms: number;
  /** False for calls whose work is slow by nature, so that their time says nothing of the upstream's latency. */
  isQuick: boolean;
}

/** Failures without an answer that can be read. Statuses of 4xx, codes of any kind, and well-formed JSON are answers. */
const FAILURES: ReadonlySet<CallFault> = new Set([
  'connect',
  'dns',
  'tls',
  'timeout',
  'reset',
  'status_5xx',
  'unreadable',
]);

/** Whether a call with this fault counts as a failure of its upstream. */
export function isFailure(fault: CallFault | null): boolean {
  return fault !== null && FAILURES.has(fault);
}

/** Why a submit was not answered; null where it was answered, with whatever outcome. */
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
