import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import type { ByteSpan } from '#libs/assets';
import { ApiMjErrors } from '../http/documentation/api-errors.decorator.js';
import { MjError } from '../http/errors/mj-error.js';
import { Public } from '../http/routes/route-access.js';
import { parseRange } from '../image/byte-range.js';
import { InputService } from './input.service.js';

const BYTES = Object.fromEntries(
  ['image/png', 'image/jpeg', 'image/webp', 'image/gif'].map((type) => [
    type,
    { schema: { type: 'string', format: 'binary' } as const },
  ]),
);

/** Pictures of submits for upstreams that take links only. HEAD is answered like GET, without the bytes. */
@ApiTags('upstream')
@Controller('mj/input')
export class InputController {
  constructor(private readonly inputs: InputService) {}

  @Get(':name')
  @Public()
  @ApiOperation({
    operationId: 'getInput',
    summary: 'A picture of a submit, for the upstream that was given its link',
  })
  @ApiParam({
    name: 'name',
    description: 'Of the URL that the upstream was given.',
    example: 'q8Zl0cJ0v6dYQ0yJ1n3kq2fX5mB7rT9w.png',
  })
  @ApiHeader({ name: 'Range', required: false, description: 'One range of bytes, e.g. `bytes=0-1023`.' })
  @ApiOkResponse({ description: 'The bytes. HEAD gives the headers alone', content: BYTES })
  @ApiResponse({ status: 206, description: 'The range that was asked for', content: BYTES })
  @ApiMjErrors(404, 416, 429, 502, 503)
  async get(@Param('name') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { life } = request;
    const asker = { address: request.ip, signal: life.signal };
    const picture = await this.inputs.find(name, asker);
    const { bytes, contentType } = picture;
    const isHead = request.method === 'HEAD';
    const part = isHead ? null : askedSpan(request, reply, bytes);
    const span = part ?? { start: 0, end: bytes - 1 };
    // Opened before any header says 200: what cannot be read must be an error.
    const body = isHead ? Readable.from([]) : await this.inputs.read(picture, span, asker);
    life.onEnd(() => body.destroy());
    void this.inputs.noteFetch(picture);
    if (life.hasEnded) return;
    reply.headers({
      'content-type': contentType,
      'accept-ranges': 'bytes',
      'content-length': span.end - span.start + 1,
    });
    if (part !== null) reply.code(206).header('content-range', `bytes ${part.start}-${part.end}/${bytes}`);
    await reply.send(body);
  }
}

/**
 * The part that is asked for; null: all of it, also where a condition is set, as these answers have no ETag.
 * @throws MjError range_not_satisfiable, after the header that tells the size
 */
function askedSpan(request: FastifyRequest, reply: FastifyReply, bytes: number): ByteSpan | null {
  if (request.headers['if-range'] !== undefined) return null;
  const asked = parseRange(request.headers.range, bytes);
  if (asked.kind !== 'unsatisfiable') return asked.kind === 'part' ? asked.span : null;
  reply.header('content-range', `bytes */${bytes}`);
  throw new MjError('range_not_satisfiable');
}
