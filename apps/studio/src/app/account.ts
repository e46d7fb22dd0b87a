import { signal } from '@preact/signals';
import { call, type Schemas } from '../api/client.ts';

/** The key that submits and the gallery act for: what it may do, and what it has left. */
export type Account = Schemas['AccountDto'];

/** The account of the key that is worked as; null until it is read, and for an admin who has chosen none. */
export const account = signal<Account | null>(null);

/** Actions that cost what a window costs. */
const PRICED_AS_WINDOW: readonly string[] = ['INPAINT', 'CUSTOM_ZOOM'];

/** What a task's action costs now in its mode; null where it is not known, or costs nothing. */
export function priceOf(task: { action: string; mode: string }): number | null {
  const priced = PRICED_AS_WINDOW.includes(task.action) ? 'MODAL' : task.action;
  const known = account.value?.prices.find(({ action, mode }) => action === priced && mode === task.mode);
  return known === undefined || known.price === 0 ? null : known.price;
}

/** Reads the account again, as after a submit. Failures leave what is known. */
export async function refreshAccount(): Promise<void> {
  try {
    account.value = await call<Account>('GET', '/mj/account');
  } catch {
    // The banner tells of a lost connection, and the next submit reads it again.
  }
}
