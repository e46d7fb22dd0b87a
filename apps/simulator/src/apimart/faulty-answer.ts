import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyReply } from 'fastify';
import { neverAnswer, reset, send, sendBroken, sendPage } from '../http/send.js';
import { BindingError } from '../submit/body.js';
import { numberOf } from '../wire/faults.js';
import { banned, failed, invalid, noAccount, type Reply } from '../wire/replies.js';
import { type ApimartFaults } from './apimart-faults.js';
import { type ErrorStatus, failure, isErrorStatus, Refusal } from './apimart-replies.js';
import { type ApimartRequest } from './apimart-request.js';

const LATE_MS = 5_000;

/** Plays a submit out with its faults: refusals before anything is taken in, breakdowns after. */
export async function playApimart(
  reply: FastifyReply,
  request: ApimartRequest,
  work: (request: ApimartRequest) => Promise<Reply>,
): Promise<void> {
  const { faults } = request;
  if (faults.has('hang')) return neverAnswer(reply);
  if (faults.has('unreadable')) return sendPage(reply);
  const refusal = refusalOf(faults);
  if (refusal !== null) {
    if (faults.get('http-429') !== undefined && faults.get('http-429') !== '')
      void reply.header('retry-after', String(numberOf(faults, 'http-429', 1)));
    return send(reply, refusal);
  }
  const answer = await orRefusal(() => work(request));
  if (faults.has('late')) await sleep(numberOf(faults, 'late', LATE_MS), undefined, { ref: false });
  if (faults.has('accept-hang')) return neverAnswer(reply);
  if (faults.has('reset')) return reset(reply);
  if (faults.has('accept-unreadable')) return sendBroken(reply);
  return send(reply, faults.has('accept-500') ? failure(500) : answer);
}

/** Answers a read, or breaks as the task was told to. */
export async function playRead(reply: FastifyReply, fault: string | null, answer: Reply): Promise<void> {
  switch (fault) {
    case null:
      return send(reply, answer);
    case 'hang':
      return neverAnswer(reply);
    case 'reset':
      return reset(reply);
    case 'unreadable':
      return sendPage(reply);
    default:
      return send(reply, failure(isErrorStatus(Number(fault)) ? (Number(fault) as ErrorStatus) : 502));
  }
}

/** What an error says to the client; null for one that is no refusal. */
export function refusalIn(error: unknown): Reply | null {
  if (error instanceof Refusal) return error.reply;
  return error instanceof BindingError ? failure(400, `${error.message} has a type that it cannot have`) : null;
}

async function orRefusal(work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal === null) throw error;
    return refusal;
  }
}

function refusalOf(faults: ApimartFaults): Reply | null {
  for (const [name, argument] of faults) {
    const status = Number(/^http-(\d+)$/.exec(name)?.[1] ?? 0);
    if (isErrorStatus(status)) return failure(status);
    switch (name) {
      case 'code-3':
        return noAccount();
      case 'code-4':
        return invalid('参数错误');
      case 'code-9':
        return failed('提交失败，系统异常');
      case 'code-24':
        return banned('', argument);
      default:
    }
  }
  return null;
}
