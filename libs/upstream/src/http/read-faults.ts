import { UpstreamCallError, type CallFault } from '../port/outcome.js';
import type { HttpAnswer } from './http-answer.js';

/** The fault of the gateway's account or address that a status of a read shows, where the answer shows no other. */
export const FAULT_OF_STATUS: ReadonlyMap<number, CallFault> = new Map([
  [401, 'unauthorized'],
  [402, 'payment_required'],
  [403, 'forbidden'],
  [407, 'unauthorized'],
]);

/** @throws UpstreamCallError for an answer to a read that leads elsewhere, or nowhere */
export function assertNotRedirected(answer: HttpAnswer): void {
  if (answer.status < 300 || answer.status > 399) return;
  throw new UpstreamCallError(answer.redirectsTo == null ? 'unreadable' : 'redirected', { answer });
}
