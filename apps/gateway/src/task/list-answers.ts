import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../http/key-check/caller.decorator.js';
import { sendPieces, type AnswerPiece } from '../http/answers/pieced-answer.js';
import { ReadPermits } from '../traffic/read-permits.js';
import type { ListCall } from './task-list.service.js';

/** Streams lists under permits: a few of a key at a time, each until its client has read it or has left. */
@Injectable()
export class ListAnswers {
  constructor(private readonly permits: ReadPermits) {}

  /** @throws PermitRefusedError, and what the first piece throws */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    piecesOf: (call: ListCall) => AsyncGenerator<AnswerPiece, void, void>,
  ): Promise<void> {
    const { id: apiKeyId } = callerOf(request);
    const { life, linkBase } = request;
    const { signal } = life;
    try {
      life.onEnd(await this.permits.answers.acquire(apiKeyId, { signal }));
      await sendPieces(reply, piecesOf({ apiKeyId, linkBase, signal }));
    } catch (error) {
      throw life.refusal ?? error;
    }
  }
}
