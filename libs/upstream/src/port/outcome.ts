/**
 * Classes of faults of an upstream that only an operator can mend. unauthorized: the key ·
 * payment_required: quota or balance · forbidden: plan, permission, model or ban · not_found, redirected: the address
 */
export const OPERATOR_FAULTS = ['unauthorized', 'payment_required', 'forbidden', 'not_found', 'redirected'] as const;
export type OperatorFault = (typeof OPERATOR_FAULTS)[number];

export function isOperatorFault(fault: string): fault is OperatorFault {
  return OPERATOR_FAULTS.some((one) => one === fault);
}

/**
 * How much work an OperatorFault stops: all work of the upstream, work of one kind (its route or model is missing, or a
 * firewall rejects it), or one task alone.
 */
export type FaultScope = 'upstream' | 'work' | 'task';

/**
 * Why a call failed, as a class that holds no address. unexpected: the answer was JSON without the requested result ·
 * circuit_open: the call was not made, because the upstream's circuit is open
 */
export type CallFault =
  | 'connect'
  | 'dns'
  | 'tls'
  | 'timeout'
  | 'reset'
  | 'status_4xx'
  | 'status_5xx'
  | 'unreadable'
  | 'unexpected'
  | 'circuit_open'
  | OperatorFault;

/** The meaning of an upstream's answer to a submit. */
export type Outcome =
  | { kind: 'accepted'; upstreamTaskIds: [string, ...string[]] }
  | { kind: 'queued'; upstreamTaskIds: [string, ...string[]]; ahead: number }
  /**
   * A modal was opened, which waits for `/mj/submit/modal`; `finalPrompt` is the text that it shows. `upstreamTaskId` null:
   * the modal exists in the gateway only, and its upstream is sent the whole work once it is confirmed.
   */
  | { kind: 'window'; upstreamTaskId: string | null; finalPrompt: string }
  /** The upstream has the same work already. */
  | { kind: 'exists'; upstreamTaskId: string }
  /** An upload is done, and no task runs for it. `urls`: http(s) links to the pictures, as the upstream gave them. */
  | { kind: 'uploaded'; urls: string[] }
  /** The upstream is saturated. `retryAfterMs`: its Retry-After, where it gave one. */
  | { kind: 'full'; retryAfterMs?: number }
  /** The upstream began no work, so the task may be sent to another. `no_account`: none of its accounts may do the work. */
  | { kind: 'nothing_done'; fault: Exclude<CallFault, OperatorFault> | 'no_account' }
  /** The same for an OperatorFault. `isPage`: the answer was an HTML page, which is all that shows the fault. */
  | { kind: 'nothing_done'; fault: OperatorFault; scope: FaultScope; isPage?: true }
  | { kind: 'banned'; promptEn: string; bannedWord: string }
  /**
   * The work was declined. `code` 4: for the request; 9: for any other failure. `words`: the upstream's, not yet fit for
   * clients.
   */
  | { kind: 'refused'; code: 4 | 9; words: string }
  /** Nobody knows whether the work was accepted, so it is never sent again. */
  | { kind: 'unknown'; fault: CallFault };

/** Details of an answer that declines. */
interface AnswerDetails {
  /** Its Retry-After, ms. */
  retryAfterMs?: number | null;
  /** The absolute target of a redirect, for operators only. */
  redirectsTo?: string | null;
}

/** A failed read of an upstream. */
export class UpstreamCallError extends Error {
  readonly retryAfterMs: number | null;
  readonly redirectsTo: string | null;

  constructor(
    readonly fault: CallFault,
    { cause, answer = {} }: { cause?: unknown; answer?: AnswerDetails } = {},
  ) {
    super(`upstream call failed: ${fault}`, { cause });
    this.retryAfterMs = answer.retryAfterMs ?? null;
    this.redirectsTo = answer.redirectsTo ?? null;
  }
}

/** The upstream answered that it does not have the route. */
export class RouteMissingError extends UpstreamCallError {
  constructor() {
    super('status_4xx');
  }
}
