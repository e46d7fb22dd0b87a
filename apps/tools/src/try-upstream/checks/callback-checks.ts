import { setTimeout as sleep } from 'node:timers/promises';
import { differs, judged, NotTriedError } from '../finding.js';
import type { Trial } from '../trial.js';
import type { Checks } from './check.js';
import type { Called } from '../callback-listener.js';

const LOOK_MS = 100;
const SIGNATURE = /sign|hmac|digest/i;

/** What is expected of calls back. */
export const CALLBACK_CHECKS: Checks = {
  'callback-called': async (trial) => {
    const [first] = await callsOf(trial, 1);
    if (first === undefined) return differs('it was not called; does --callback-url lead to --listen?');
    const isSame = first.path === pathOf(trial.terms.callbackUrl ?? '');
    return judged(isSame, isSame ? 'called, unchanged' : 'called at a changed path or query');
  },
  'callback-once': async (trial) => {
    const calls = await callsOf(trial, 3);
    if (calls.length === 0) throw new NotTriedError('it was not called');
    return judged(calls.length <= tasksOf(trial), `called ${calls.length} times for ${tasksOf(trial)} tasks`);
  },
  'callback-signature': async (trial) => {
    const [first] = await callsOf(trial, 1);
    if (first === undefined) throw new NotTriedError('it was not called');
    const names = first.headers.filter((name) => SIGNATURE.test(name) && /^[\w-]{1,60}$/.test(name));
    return judged(names.length === 0, names.length === 0 ? 'no such header' : `headers ${names.join(', ')}`);
  },
};

/** The calls back, as soon as there are so many, or the time for them is over. */
async function callsOf(trial: Trial, enough: number): Promise<readonly Called[]> {
  const { listener, terms } = trial;
  if (terms.callbackUrl === null || terms.listenPort === null) throw new NotTriedError('there is no --listen');
  await trial.grid();
  const until = Date.now() + terms.callbackMs;
  while (listener.calls.length < enough && Date.now() < until) await sleep(LOOK_MS);
  return listener.calls;
}

/** Tasks whose end may have been called back: the imagine, and its second one. */
function tasksOf({ terms }: Trial): number {
  return terms.sendsTwice ? 2 : 1;
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
