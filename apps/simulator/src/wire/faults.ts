import { ordersOfHeader, ordersOfPrompt } from './orders.js';

/** Every fault that can be ordered, with what it does; served as it stands by GET /faults. */
export const FAULTS = {
  'code-3': 'Refuses with code 3, no usable account.',
  'code-4': 'Refuses with code 4, a validation error.',
  'code-5': 'Refuses with code 5 and HTTP 400, as a gateway does that cannot reach its own upstream.',
  'code-9': 'Refuses with code 9, a failure of the system.',
  'code-23': 'Refuses with code 23, the queue is full.',
  'code-24': 'Refuses with code 24, a banned word in the prompt; the argument names the word.',
  'code-30': 'Refuses with code 30 and HTTP 429, the group is saturated.',
  'http-429': 'Refuses with HTTP 429, an empty body and Retry-After; the argument is its seconds (default 1).',
  'http-500': 'Refuses with HTTP 500 and the success:false envelope; nothing is accepted.',
  unreadable: 'Answers HTTP 200 with HTML; nothing is accepted.',
  hang: 'Never answers; nothing is accepted.',
  duplicate: 'Answers code 21 with the id of an earlier task for the same work; without one the submit is accepted.',
  late: 'Accepts at once, answers after as many ms as the argument says (default 5000).',
  'accept-hang': 'Accepts, never answers.',
  'accept-500': 'Accepts, answers HTTP 500.',
  'accept-unreadable': 'Accepts, answers HTTP 200 with JSON that breaks off.',
  reset: 'Accepts, then resets the connection before answering.',
  fail: 'The task ends FAILURE; the argument is the reason.',
  slow: 'The task runs as many ms as the argument says (default 60000).',
  stall: 'The task begins and never ends.',
  forget: 'The task is unknown to fetch and to lists 1 s after it was accepted.',
  'no-picture': 'The task ends SUCCESS without any picture link.',
  'dead-picture': 'The links of the task answer 404.',
  'core-only': 'The task has only the fields that every implementation has, as the first midjourney-proxy shows it.',
  small: 'The picture is drawn small: the argument is the root of its area in px (default 128). For load tests.',
} as const;

export type FaultName = keyof typeof FAULTS;
export type Faults = ReadonlyMap<FaultName, string>;

const isFault = (name: string): name is FaultName => Object.hasOwn(FAULTS, name);

/** What a header `x-simulator-fault` orders: names with optional `=argument`, separated by commas. */
export const faultsOfHeader = (header: string): { faults: Faults; unknown: string | null } =>
  ordersOfHeader(header, isFault);

/** What a prompt orders by `[sim:name]` and `[sim:name=argument]`, and the prompt without them; unknown names stay in it. */
export const faultsOfPrompt = (prompt: string): { faults: Faults; prompt: string } => ordersOfPrompt(prompt, isFault);

/** A fault's argument as a whole number from 0 to `most`, or `otherwise`. */
export function numberOf<N extends string>(
  faults: ReadonlyMap<N, string>,
  name: N,
  otherwise: number,
  most = 3_600_000,
): number {
  const text = faults.get(name) ?? '';
  return /^\d+$/.test(text) ? Math.min(Number(text), most) : otherwise;
}
