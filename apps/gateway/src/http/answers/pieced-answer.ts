import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a client may take nothing of such an answer, ms: it holds a permit that others wait for. */
const STALL_TIMEOUT_MS = 60_000;

/** Characters of items that are made in one turn of the event loop: some milliseconds of them at the worst. */
const TURN_CHARS = 64 * 1024;

/** A part of a JSON answer. */
export interface AnswerPiece {
  text: string;
  isLast: boolean;
}

/** The items of a JSON array as they come: what was said already decides about the comma. */
export class ItemTexts {
  private isFirst = true;

  /** The text of further items as they are shown, with what stands between them and those before. */
  async of<T>(items: readonly T[], show: (item: T) => object): Promise<string> {
    let text = '';
    let turnEnds = TURN_CHARS;
    for (const item of items) {
      if (text.length >= turnEnds) {
        await nextTurn();
        turnEnds = text.length + TURN_CHARS;
      }
      text += (this.isFirst ? '' : ',') + JSON.stringify(show(item));
      this.isFirst = false;
    }
    return text;
  }
}

/**
 * Answers with JSON that is made in pieces, each when its client wants it: what an answer holds in memory is a piece or two,
 * whatever its length. One piece is an answer like any other. What fails before the first piece is answered as a failure;
 * what fails later ends the connection, so that no half of an answer is taken for a whole one.
 */
export async function sendPieces(reply: FastifyReply, pieces: AsyncGenerator<AnswerPiece, void, void>): Promise<void> {
  const { value: first } = await pieces.next();
  if (first === undefined) throw new Error('an answer without a piece');
  void reply.header('content-type', 'application/json; charset=utf-8');
  reply.request.life.stallTimeoutMs = STALL_TIMEOUT_MS;
  void reply.send(first.isLast ? first.text : Readable.from(textsOf(first, pieces), { objectMode: false }));
}

async function* textsOf(
  first: AnswerPiece,
  others: AsyncGenerator<AnswerPiece, void, void>,
): AsyncGenerator<string, void, void> {
  yield first.text;
  for await (const { text } of others) if (text !== '') yield text;
}
