import type { OperatorFault, Reach } from '../port/outcome.js';

/**
 * What a text or a name in a declining answer is about.
 * content: what the client asked for · input: what the client gave, its pictures and links among it · parent: the task
 * that this one goes on from is gone there · full: try later · no_account: nobody there does this work now ·
 * an OperatorFault: the operator's own account, key, plan or address there
 */
export type Subject = 'content' | 'input' | 'parent' | 'full' | 'no_account' | OperatorFault;

export interface Meaning {
  subject: Subject;
  /** Of an OperatorFault only. */
  reach?: Reach;
}

/** A row of a table. A pattern is narrow: no gap in it spans a prompt that a text quotes. */
export interface Pattern extends Meaning {
  /** Any of them says so. */
  says: readonly RegExp[];
}
