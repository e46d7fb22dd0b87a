import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';

/** How long a client may take nothing of such an answer, ms: it holds a permit that others wait for. */
const PATIENCE_MS = 60_000;

/** A part of a JSON answer. */
export interface AnswerPiece {
  text: string;
  isLast: boolean;
}

/** The items of a JSON array as they come: what was said already decides about the comma. */
export class ItemTexts {
  private isFirst = true;

  /** The text of further items, with what stands between them and those before. */
  of(items: readonly object[]): string {
    const text = items.map((item) => JSON.stringify(item)).join(',');
    if (text === '' || this.isFirst) {
      this.isFirst &&= text === '';
      return text;
    }
    return `,${text}`;
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
  reply.request.life.patienceMs = PATIENCE_MS;
  void reply.send(first.isLast ? first.text : Readable.from(textsOf(first, pieces), { objectMode: false }));
}

async function* textsOf(
  first: AnswerPiece,
  others: AsyncGenerator<AnswerPiece, void, void>,
): AsyncGenerator<string, void, void> {
  yield first.text;
  for await (const { text } of others) if (text !== '') yield text;
}
