/** Why a call failed, as a class without any address. `circuit_open`: it was not made, the upstream is left alone for now. */
export type CallFault =
  'connect' | 'dns' | 'tls' | 'timeout' | 'reset' | 'status_4xx' | 'status_5xx' | 'unreadable' | 'circuit_open';

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
  | { kind: 'full' }
  /** Nothing was begun, so it may be sent elsewhere. `no_account`: none there may do it. */
  | { kind: 'nothing_done'; fault: CallFault | 'no_account' }
  | { kind: 'banned'; promptEn: string; bannedWord: string }
  /** `code` 4: it faults the request; 9: it failed. `words` are the upstream's own, not yet fit for clients. */
  | { kind: 'refused'; code: 4 | 9; words: string }
  /** It may have been accepted or not; never sent again. */
  | { kind: 'unknown'; fault: CallFault };

/** A failed read of an upstream. */
export class UpstreamCallError extends Error {
  constructor(
    readonly fault: CallFault,
    cause?: unknown,
  ) {
    super(`upstream call failed: ${fault}`, { cause });
  }
}

/** The upstream answered that it has no such route. */
export class RouteMissingError extends UpstreamCallError {
  constructor() {
    super('status_4xx');
  }
}
