import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyReply } from 'fastify';
import { type OrderedFaults } from '../submit/task-draft.js';
import { numberOf } from '../wire/faults.js';
import { type Reply } from '../wire/replies.js';
import { neverAnswer, reset, send, sendBroken, sendPage } from './send.js';

const LATE_MS = 5_000;

/**
 * Answers a submit whose work is done, or loses the answer: what was accepted stays accepted. `crash` is the HTTP 500 of
 * the dialect.
 */
export async function sendAccepted(
  reply: FastifyReply,
  faults: OrderedFaults,
  answer: Reply,
  crash: Reply,
): Promise<void> {
  if (faults.has('late')) await sleep(numberOf(faults, 'late', LATE_MS), undefined, { ref: false });
  if (faults.has('accept-hang')) return neverAnswer(reply);
  if (faults.has('reset')) return reset(reply);
  if (faults.has('accept-unreadable')) return sendBroken(reply);
  return send(reply, faults.has('accept-500') ? crash : answer);
}

/** Breaks a read as `how` says: `hang`, `reset` or `unreadable`; any other word is answered with `refusal`. */
export async function breakRead(reply: FastifyReply, how: string, refusal: Reply): Promise<void> {
  switch (how) {
    case 'hang':
      return neverAnswer(reply);
    case 'reset':
      return reset(reply);
    case 'unreadable':
      return sendPage(reply);
    default:
      return send(reply, refusal);
  }
}
