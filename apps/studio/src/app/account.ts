import { signal } from '@preact/signals';
import { call, type Schemas } from '../api/client.ts';

/** The key that submits and the gallery act for: what it may do, and what it has left. */
export type Account = Schemas['AccountDto'];

/** The account of the key that is worked as; null until it is read, and for an admin who has chosen none. */
export const account = signal<Account | null>(null);

/** Their price is that of MODAL, which is taken once their window is confirmed. */
const PRICED_AS_WINDOW: readonly string[] = ['INPAINT', 'CUSTOM_ZOOM'];

/** What an action costs now in a mode; null where it is not known. */
export function priceOf({ action, mode }: { action: string; mode: string }): number | null {
  const priced = PRICED_AS_WINDOW.includes(action) ? 'MODAL' : action;
  return account.value?.prices.find((price) => price.action === priced && price.mode === mode)?.price ?? null;
}

/** Reads the account again, as after a submit. Failures leave what is known. */
export async function refreshAccount(): Promise<void> {
  try {
    account.value = await call<Account>('GET', '/mj/account');
  } catch {
    // The banner tells of a lost connection, and the next submit reads it again.
  }
}
