import type { Came } from '../finding.js';
import type { Trial } from '../trial.js';

/** Tries one assumption. @throws NotTriedError where it cannot be tried */
export type Check = (trial: Trial) => Promise<Came>;
/** Checks by the id of their assumption. */
export type Checks = Readonly<Record<string, Check>>;
