import type { Assumption } from '#libs/upstream';

/** What came of trying one assumption. `came` is in words of this program: it holds no text of the upstream, and no address. */
export interface Came {
  verdict: 'as expected' | 'differs' | 'not tried';
  came: string;
}

/** An assumption and what came. `isFailed`: it was not tried although it was to be. */
export interface Finding extends Came {
  assumption: Assumption;
  isFailed: boolean;
}

/** Something could not be tried, because what it needs did not come about. The message says why, in words fit for a terminal. */
export class NotTriedError extends Error {}

export function expected(came: string): Came {
  return { verdict: 'as expected', came };
}

export function differs(came: string): Came {
  return { verdict: 'differs', came };
}

/** As expected where a condition holds, else differing. */
export function judged(holds: boolean, came: string): Came {
  return holds ? expected(came) : differs(came);
}

/** A name or number that an upstream gave, as far as it is fit for a terminal. */
export function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^[\w -]{1,40}$/.test(text) ? `"${text}"` : 'something that is not shown here';
}
