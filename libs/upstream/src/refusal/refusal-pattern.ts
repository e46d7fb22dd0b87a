import type { OperatorFault, FaultScope } from '../port/outcome.js';

/**
 * The subject of a text or a name in an answer that declines. content: the content that the client asked for · input: the
 * client's input, its pictures and links included · parent: the continued task is gone at the upstream · full: the upstream is
 * saturated · no_account: no account of the upstream does this work now · an OperatorFault: the operator's account, key,
 * plan or address
 */
export type Subject = 'content' | 'input' | 'parent' | 'full' | 'no_account' | OperatorFault;

export interface Meaning {
  subject: Subject;
  /** How much work an OperatorFault stops; absent for other subjects. */
  scope?: FaultScope;
}

/** A row of a table. Its patterns are narrow: no gap in one may span a quoted prompt. */
export interface Pattern extends Meaning {
  /** The row fits where any of these matches. */
  says: readonly RegExp[];
}
