import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Body, BindingError, RuleError } from '../submit/body.js';
import { type SubmitContext } from '../submit/task-draft.js';
import { type Faults, faultsOfHeader, faultsOfPrompt, numberOf } from '../wire/faults.js';
import { readPrompt } from '../wire/prompt.js';
import {
  banned,
  failed,
  invalid,
  noAccount,
  outside,
  queueFull,
  type Reply,
  saturated,
  unreachable,
} from '../wire/replies.js';
import { sendAccepted } from './broken-answer.js';
import { neverAnswer, send, sendPage } from './send.js';

/** The faults ordered by a submit's header and by its prompt; an unknown name in the header is refused, not ignored. */
export function orderedFaults(request: FastifyRequest, body: Body): Faults | { readonly unknown: string } {
  const header = request.headers['x-simulator-fault'];
  const { faults, unknown } = faultsOfHeader(Array.isArray(header) ? header.join(',') : (header ?? ''));
  if (unknown !== null) return { unknown };
  const text = `${safeText(body, 'prompt')} ${safeText(body, 'content')}`;
  return new Map([...faults, ...faultsOfPrompt(text).faults]);
}

function safeText(body: Body, key: string): string {
  try {
    return body.text(key) ?? '';
  } catch {
    return '';
  }
}

/** Plays a submit out with its faults: refusals before anything is taken in, breakdowns after. */
export async function playSubmit(
  reply: FastifyReply,
  body: Body,
  context: SubmitContext,
  submit: (body: Body, context: SubmitContext) => Promise<Reply>,
): Promise<void> {
  const { faults } = context;
  if (faults.has('hang')) return neverAnswer(reply);
  if (faults.has('unreadable')) return sendPage(reply);
  const refusal = refusalOf(faults, body, new Date(context.now));
  if (refusal !== null) {
    if (faults.has('http-429')) void reply.header('retry-after', String(numberOf(faults, 'http-429', 1)));
    return send(reply, refusal);
  }
  const answer = await answered(body, context, submit);
  return sendAccepted(reply, faults, answer, outside('操作失败', new Date(context.now), 500));
}

async function answered(
  body: Body,
  context: SubmitContext,
  submit: (body: Body, context: SubmitContext) => Promise<Reply>,
): Promise<Reply> {
  try {
    return await submit(body, context);
  } catch (error) {
    const now = new Date(context.now);
    if (error instanceof BindingError)
      return outside(`The JSON value of ${error.message} could not be converted.`, now);
    if (error instanceof RuleError) return outside(error.message, now);
    throw error;
  }
}

function refusalOf(faults: Faults, body: Body, now: Date): Reply | null {
  for (const [name, argument] of faults) {
    switch (name) {
      case 'code-3':
        return noAccount();
      case 'code-4':
        return invalid('参数错误');
      case 'code-5':
        return unreachable();
      case 'code-9':
        return failed('提交失败，系统异常');
      case 'code-23':
        return queueFull();
      case 'code-24': {
        const prompt = readPrompt(faultsOfPrompt(safeText(body, 'prompt')).prompt).full;
        return banned(prompt, argument || (prompt.split(' ')[0] ?? ''));
      }
      case 'code-30':
        return saturated();
      case 'http-429':
        return { http: 429, body: null };
      case 'http-500':
        return outside('操作失败', now, 500);
      default:
    }
  }
  return null;
}
