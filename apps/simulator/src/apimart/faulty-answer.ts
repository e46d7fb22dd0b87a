import { type FastifyReply } from 'fastify';
import { breakRead, sendAccepted } from '../http/broken-answer.js';
import { neverAnswer, send, sendPage } from '../http/send.js';
import { BindingError } from '../submit/body.js';
import { numberOf } from '../wire/faults.js';
import { banned, failed, invalid, noAccount, type Reply } from '../wire/replies.js';
import { type ApimartFaults } from './apimart-faults.js';
import { failure, isErrorStatus, Refusal } from './apimart-replies.js';
import { type ApimartRequest } from './apimart-request.js';

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
  return sendAccepted(reply, faults, answer, failure(500));
}

/** Answers a read, or breaks as the task was told to. */
export async function playRead(reply: FastifyReply, fault: string | null, answer: Reply): Promise<void> {
  if (fault === null) return send(reply, answer);
  const status = Number(fault);
  return breakRead(reply, fault, failure(isErrorStatus(status) ? status : 502));
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
