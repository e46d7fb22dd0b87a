/**
 * What only the operator of an upstream can mend, as a class: unauthorized: the key · payment_required: quota, balance ·
 * forbidden: plan, permission, model, ban · not_found, redirected: the address
 */
export const OPERATOR_FAULTS = ['unauthorized', 'payment_required', 'forbidden', 'not_found', 'redirected'] as const;
export type OperatorFault = (typeof OPERATOR_FAULTS)[number];

export function isOperatorFault(fault: string): fault is OperatorFault {
  return OPERATOR_FAULTS.some((one) => one === fault);
}

/**
 * How much an OperatorFault stops: all work there, work of this kind as far as an answer tells (its route, its model, a
 * wall that does not like what was sent), or this task alone.
 */
export type Reach = 'upstream' | 'work' | 'task';

/**
 * Why a call failed, as a class without any address. unexpected: it was answered, with JSON that does not say what became of
 * it · circuit_open: it was not made, the upstream is left alone for now
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

/** What an upstream's answer to a submit means. */
export type Outcome =
  | { kind: 'accepted'; upstreamTaskIds: [string, ...string[]] }
  | { kind: 'queued'; upstreamTaskIds: [string, ...string[]]; ahead: number }
  /** A window waits for `/mj/submit/modal`; `finalPrompt` is the text it shows. */
  | { kind: 'window'; upstreamTaskId: string; finalPrompt: string }
  /** The upstream had this very work already. */
  | { kind: 'exists'; upstreamTaskId: string }
  /** Pictures were taken in and all is done: no task runs there. http(s) links, as the upstream gave them. */
  | { kind: 'uploaded'; urls: string[] }
  /** `retryAfterMs`: when it wants to be asked again, where it said so. */
  | { kind: 'full'; retryAfterMs?: number }
  /** Nothing was begun, so it may be sent elsewhere. `no_account`: none there may do it. */
  | { kind: 'nothing_done'; fault: Exclude<CallFault, OperatorFault> | 'no_account' }
  /** `isPage`: all that says so is a page for people in place of an answer. */
  | { kind: 'nothing_done'; fault: OperatorFault; reach: Reach; isPage?: true }
  | { kind: 'banned'; promptEn: string; bannedWord: string }
  /** `code` 4: it faults the request; 9: it failed. `words` are the upstream's own, not yet fit for clients. */
  | { kind: 'refused'; code: 4 | 9; words: string }
  /** It may have been accepted or not; never sent again. */
  | { kind: 'unknown'; fault: CallFault };

/** What an answer that declines tells besides. */
interface AnswerDetails {
  /** When it wants to be asked again, ms from then. */
  retryAfterMs?: number | null;
  /** Where it leads, absolute: for operators only. */
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

/** The upstream answered that it has no such route. */
export class RouteMissingError extends UpstreamCallError {
  constructor() {
    super('status_4xx');
  }
}
