import { signal } from '@preact/signals';
import { call, sessionRefused, type Schemas } from '../api/client.ts';
import { asFailure, type Failure } from '../api/failure.ts';

/** Who is signed in, and the key that submits and the gallery act for. */
export type Session = Schemas['SessionDto'];

export type SessionState =
  | { kind: 'unknown' }
  | { kind: 'unreachable'; failure: Failure }
  | { kind: 'signed-out'; isTicketSpent: boolean }
  | { kind: 'signed-in'; session: Session };

/** The session of this browser. */
export const session = signal<SessionState>({ kind: 'unknown' });

const TICKET = /^#ticket=([A-Za-z0-9_.~-]+)$/;

/** The one-time ticket of the page's address, which is taken out of the address and the history at once. */
function takeTicket(): string | null {
  const ticket = TICKET.exec(location.hash)?.[1];
  if (ticket === undefined) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return ticket;
}

/** Finds out who is signed in; a ticket in the address signs in. */
export async function openSession(): Promise<void> {
  const ticket = takeTicket();
  try {
    if (ticket !== null) return enter(await call<Session>('POST', '/studio/session', { body: { ticket } }));
    enter(await call<Session>('GET', '/studio/session'));
  } catch (error) {
    const failure = asFailure(error);
    if (ticket !== null && failure.status !== 0) return openWithoutTicket();
    if (failure.status === 401 || failure.status === 404) session.value = { kind: 'signed-out', isTicketSpent: false };
    else session.value = { kind: 'unreachable', failure };
  }
}

/** A link that was used before may be opened in a browser that is signed in already. */
async function openWithoutTicket(): Promise<void> {
  try {
    enter(await call<Session>('GET', '/studio/session'));
  } catch {
    session.value = { kind: 'signed-out', isTicketSpent: true };
  }
}

function enter(opened: Session): void {
  session.value = { kind: 'signed-in', session: opened };
}

/** Exchanges a key for a session. @throws CallFailure */
export async function signIn(key: string): Promise<void> {
  enter(await call<Session>('POST', '/studio/session', { body: { key } }));
}

/** Has an admin act for another key. @throws CallFailure */
export async function actFor(keyId: string): Promise<void> {
  enter(await call<Session>('PATCH', '/studio/session', { body: { keyId } }));
}

/** Ends the session, also at the gateway. @throws CallFailure */
export async function signOut(): Promise<void> {
  await call('DELETE', '/studio/session');
  session.value = { kind: 'signed-out', isTicketSpent: false };
}

sessionRefused.listener = (name) => {
  // The key that an admin worked as is gone, and the admin is signed in all the same.
  if (name === 'session_has_no_key') void openSession();
  else session.value = { kind: 'signed-out', isTicketSpent: false };
};
