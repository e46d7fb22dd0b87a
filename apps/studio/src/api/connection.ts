import { signal } from '@preact/signals';

/** How the gateway is reached now, from the outcome of the last calls and streams. */
export type ConnectionState = 'online' | 'offline' | 'database-away';

/** Shown as a banner over every page; pages keep what they have and try again. */
export const connection = signal<ConnectionState>('online');

/** Takes note of a call's outcome. @param status HTTP status; 0: no answer came */
export function noteOutcome(status: number, name = ''): void {
  if (status === 0) connection.value = 'offline';
  else if (status === 503 && name === 'database_unavailable') connection.value = 'database-away';
  else if (status < 500) connection.value = 'online';
}
