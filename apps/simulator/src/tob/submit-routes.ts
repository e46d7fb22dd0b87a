import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { UnreadableBody } from '../http/body-parser.js';
import { breakRead, sendAccepted } from '../http/broken-answer.js';
import { neverAnswer, send, sendPage } from '../http/send.js';
import { numberOf } from '../wire/faults.js';
import { type Reply } from '../wire/replies.js';
import { type TobProfile } from './profile.js';
import { type TobFaults, tobFaultsOfHeader, tobFaultsOfText } from './tob-faults.js';
import { Refusal, refusalNamed } from './tob-refusal.js';

/** The fields of a request in which faults may be ordered. */
const TEXTS = ['text', 'prompt', 'remixPrompt'];

/** The faults that a request orders by its header and its texts. @throws Refusal for a name in the header that is none */
export function orderedFaults(request: FastifyRequest): TobFaults {
  const header = request.headers['x-simulator-fault'];
  const { faults, unknown } = tobFaultsOfHeader(Array.isArray(header) ? header.join(',') : (header ?? ''));
  if (unknown !== null) throw new Refusal('Invalid_Argument', `x-simulator-fault: no fault is named ${unknown}`);
  const fields = (request.body ?? {}) as Record<string, unknown>;
  const texts = TEXTS.map((key) => fields[key]).filter((text) => typeof text === 'string');
  return new Map([...faults, ...tobFaultsOfText(texts.join(' ')).faults]);
}

/** Answers with a refusal as the vendor words it. */
export function sendRefusal(reply: FastifyReply, profile: TobProfile, refusal: Refusal, other: boolean): Promise<void> {
  return send(reply, refusalReply(profile, refusal, other));
}

const refusalReply = (profile: TobProfile, refusal: Refusal, other: boolean): Reply => ({
  http: refusal.http,
  body: profile.envelope(refusal, other),
});

/** Plays what happens before anything is taken in; true when the request has been answered, or never will be. */
export async function playRefusals(reply: FastifyReply, profile: TobProfile, faults: TobFaults): Promise<boolean> {
  if (faults.has('hang')) neverAnswer(reply);
  else if (faults.has('unreadable')) await sendPage(reply);
  else if (faults.has('http-500')) await send(reply, { http: 500, body: null });
  else if (faults.has('http-429')) {
    void reply.header('retry-after', String(numberOf(faults, 'http-429', 1)));
    await send(reply, { http: 429, body: null });
  } else if (faults.has('refuse')) {
    await sendRefusal(reply, profile, refusalNamed(faults.get('refuse') ?? ''), faults.has('other-envelope'));
  } else return false;
  return true;
}

/** Answers a job that was taken in, or breaks down on the way. */
export function playAnswer(reply: FastifyReply, faults: TobFaults, job: unknown): Promise<void> {
  const body = faults.has('accept-no-id') ? { ...(job as object), id: undefined, job_id: undefined } : job;
  return sendAccepted(reply, faults, { http: 200, body }, { http: 500, body: null });
}

/** Answers a read that breaks. */
export function playBrokenRead(reply: FastifyReply, profile: TobProfile, how: string): Promise<void> {
  return breakRead(reply, how, refusalReply(profile, refusalNamed(how), false));
}

/** Lets refusals that are thrown in a scope be answered in the vendor's envelope. */
export function answerRefusals(app: FastifyInstance, profile: TobProfile): void {
  const refusalOf = (error: Error & { statusCode?: number }): Refusal => {
    if (error instanceof Refusal) return error;
    const wrong = error.statusCode === 413 || error instanceof UnreadableBody;
    return wrong
      ? new Refusal('Invalid_Argument', 'the body cannot be read')
      : new Refusal('Internal_Server_Error', 'internal error');
  };
  app.setErrorHandler((error: Error, request, reply) => {
    const other = String(request.headers['x-simulator-fault'] ?? '').includes('other-envelope');
    return sendRefusal(reply, profile, refusalOf(error), other);
  });
}
