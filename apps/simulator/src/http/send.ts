import { type FastifyReply } from 'fastify';
import { type Reply } from '../wire/replies.js';

/** Sends a reply as the wire has it: compact JSON in UTF-8, or nothing at all. */
export async function send(reply: FastifyReply, { http, body }: Reply): Promise<void> {
  if (body === null) {
    await reply.code(http).send();
    return;
  }
  await reply.code(http).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
}

const PAGE =
  '<!DOCTYPE html><html><head><title>One moment</title></head><body><h1>One moment, please</h1><p>This is not the answer that was expected.</p></body></html>';

/** What a captive portal or a CDN's error page looks like to a client that expects JSON. */
export async function sendPage(reply: FastifyReply): Promise<void> {
  await reply.code(200).header('content-type', 'text/html; charset=utf-8').send(PAGE);
}

/** Answers 200 with JSON that breaks off: nobody can tell what it would have said. */
export async function sendBroken(reply: FastifyReply): Promise<void> {
  await reply.code(200).header('content-type', 'application/json').send('{"code":1,"description":"');
}

/** Leaves a request without an answer: the connection stays open until the client or the shutdown ends it. */
export const neverAnswer = (reply: FastifyReply): void => void reply.hijack();

/** Ends the connection with a TCP reset. */
export function reset(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
}
