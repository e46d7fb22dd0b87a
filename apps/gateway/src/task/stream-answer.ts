import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import type { TaskWatch } from '#libs/tracking';
import { SUBMIT_CODE, SUBMIT_DESCRIPTION } from '#libs/wire';

const QUOTA_RETRY_SECONDS = 5;
/** What a client that does not read has left to take when shutdown begins, ms. */
const LEAVE_MS = 1_000;

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // nginx would keep events back until a buffer is full.
  'x-accel-buffering': 'no',
  // The connection ends with the stream, so that none holds a server open that is stopping.
  connection: 'close',
};

/**
 * Answers with a stream of events, which holds one of the key's places for streams and waits until the request has ended; 429
 * where all of them are taken.
 *
 * @param open makes the stream; not called for a client that is gone
 */
export function answerStream(
  reply: FastifyReply,
  { watch, apiKeyId, open }: { watch: TaskWatch; apiKeyId: string; open: () => AsyncGenerator<string, void, void> },
): void {
  const leave = watch.acquirePermit(apiKeyId);
  if (leave === null) return refuse(reply);
  const { raw } = reply;
  const { life } = reply.request;
  life.onEnd(leave);
  life.onEnd(watch.onClosing(() => setTimeout(() => raw.destroy(), LEAVE_MS).unref()));
  if (life.hasEnded) return;
  void reply.headers(HEADERS).send(Readable.from(open(), { objectMode: false }));
}

function refuse(reply: FastifyReply): void {
  void reply
    .status(429)
    .header('retry-after', String(QUOTA_RETRY_SECONDS))
    .send({ code: SUBMIT_CODE.SATURATED, description: SUBMIT_DESCRIPTION.saturated, result: null });
}
