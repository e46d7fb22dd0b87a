import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a client may stall, ms: a pieced answer holds a permit that others wait for. */
const STALL_TIMEOUT_MS = 60_000;

/** Characters of items that are made in one turn of the event loop: some milliseconds of them at the worst. */
const TURN_CHARS = 64 * 1024;

/** A part of a JSON answer. */
export interface AnswerPiece {
  text: string;
  isLast: boolean;
}

/** Joins items of a JSON array that come in pieces: every item but the very first is preceded by a comma. */
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
 * Streams a JSON answer in pieces, each made when the client is ready for it (back-pressure), so that an answer of any length
 * holds a piece or two in memory. An answer of one piece is sent like any other. An error before the first piece becomes an
 * error answer; a later error ends the connection, so that no client takes half an answer for a whole one.
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
